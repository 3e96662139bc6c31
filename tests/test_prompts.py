"""Prompts word for word, and how an answer is read."""

import pytest

import gigpo_gym  # noqa: F401  # registers the ids
from gigpo_gym.prompts import (
    ANSWER_FORMAT,
    GENERIC,
    TEMPLATES,
    PromptTemplate,
    format_action,
    parse_action,
    template_for,
)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("<action>Left</action>", "Left"),
        ("<think>Down? no</think><action> Left\n</action>", "Left"),
        ("<action>Left</action><action>Right</action>", "Left"),  # the first
        ("<action></action><action>Right</action>", ""),  # the first, though it is empty
        ("<action>Left", ""),  # unclosed
        ("Left</action>", ""),  # unopened
        ("</action><action>Left</action>", "Left"),  # a stray end comes before
        ("<action>a<action>b</action>c</action>", "a<action>b"),  # up to the first end, whatever stands between
        ("<action>Left</action", ""),
        ("<Action>Left</Action>", ""),  # the tag as asked for, no other
        ("<action >Left</action >", ""),
        ("&lt;action&gt;Left&lt;/action&gt;", ""),
        ("<action>\u2003Go  home\u00a0</action>", "Go  home"),  # stripped, inner spaces kept
        ("<action>search[<b>]</action>", "search[<b>]"),
        ("<action>\ud800\x00</action>", "\ud800\x00"),
        ("Left", ""),
        ("", ""),
    ],
)
def test_the_first_complete_tag_is_the_action(text: str, action: str) -> None:
    assert parse_action(text) == action


def test_a_megabyte_of_tags_is_read_in_one_pass() -> None:
    # Quadratic reading would take hours, not fail.
    opened = "<action>" * 200_000
    assert parse_action(opened) == ""
    assert parse_action(opened + "</action>") == "<action>" * 199_999
    assert parse_action("</action>" * 200_000) == ""
    assert parse_action("<action" * 200_000 + " " * 200_000) == ""


def test_format_action_is_read_back() -> None:
    assert parse_action(format_action("go to cabinet 1")) == "go to cabinet 1"


def test_the_generic_prompt_word_for_word() -> None:
    system, user = GENERIC.messages(
        task="find the key",
        history=[("a hall", "open door"), ("a room", "")],
        observation="a cellar",
        admissible_actions=("look", "go up"),
    )
    assert system == {
        "role": "system",
        "content": (
            "You are an agent that acts in a text environment, one action at a time, to solve a task.\n"
            "First reason about the situation between <think> and </think>. "
            "Then give exactly one action between <action> and </action>."
        ),
    }
    assert user == {
        "role": "user",
        "content": (
            "Task: find the key\n"
            "The last steps, oldest first:\n"
            "a hall\nAction: open door\n"
            "a room\nAction: (none)\n"
            "Now:\n"
            "a cellar\n"
            "Admissible actions: look, go up"
        ),
    }


def test_what_an_environment_does_not_name_is_left_out() -> None:
    user = GENERIC.messages(task="", history=[], observation="a cellar", admissible_actions=())[1]
    assert user["content"] == "a cellar"


def test_a_template_that_named_task_and_actions_does_not_repeat_them() -> None:
    template = PromptTemplate("Rules.", shows_task=False, shows_actions=False)
    system, user = template.messages(task="t", history=[], observation="o", admissible_actions=("a",))
    assert (system["content"], user["content"]) == (f"Rules.\n{ANSWER_FORMAT}", "o")


def test_a_prompt_can_be_tokenised_whatever_the_model_wrote() -> None:
    user = GENERIC.messages(task="t", history=[("o", "\ud800 \x00 é")], observation="o", admissible_actions=())[1]
    assert user["content"].encode().decode() == "Task: t\nThe last steps, oldest first:\no\nAction: ? \x00 é\nNow:\no"


def test_the_template_of_an_id() -> None:
    lake = TEMPLATES["gigpo/FrozenLake-v0"]
    assert template_for("gigpo/FrozenLake-v0") is lake
    assert template_for("gigpo_gym:gigpo/FrozenLake-v0") is lake
    assert template_for("someone:Else-v0") is GENERIC


def test_the_frozen_lake_rules_explain_every_symbol_and_name_every_action() -> None:
    rules = TEMPLATES["gigpo/FrozenLake-v0"].rules
    for word in ("P is you", "G the goal", "O a hole", "_ ice", "Left, Down, Right and Up"):
        assert word in rules
