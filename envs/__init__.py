"""The environments: simulators only, one module each."""
