"""The environments: simulators only, one module each. They know nothing of LLMs, prompts, tokenizers or groups."""
