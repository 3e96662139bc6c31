"""Lucene's analysis: characters, tokens, stems, stop words. What is expected was recorded from Lucene 9.5.0."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigpo_gym.envs.webshop import words
from gigpo_gym.envs.webshop.porter import stem
from gigpo_gym.envs.webshop.products import Product, search_text
from gigpo_gym.envs.webshop.words import STOP_WORDS, analyze, tokenise

ACUTE, ZWJ, EMOJI_STYLE, KEYCAP = "\u0301", "\u200d", "\ufe0f", "\u20e3"
THUMB, SKIN, MAN, WOMAN, HEART = "\U0001f44d", "\U0001f3fd", "\U0001f468", "\U0001f469", "\u2764"
G, B, F, R = (chr(0x1F1E6 + ord(letter) - ord("A")) for letter in "GBFR")
TAGS = "\U000e0067\U000e0062\U000e007f"
SCRIPT_A = "\U0001d49c"  # two UTF-16 units
TAV = "\u05ea"

# Classes in the measured file, and here.
MEASURED = {
    '"': '"', "b": ".'", "n": ",", "N": "N", "l": ":", "A": "AHB", "E": "_", "H": "EI", "X": "XZPFC", "T": "S",
    "T2": "T", "K": "K", "M": "MT", "R": "R",
}  # fmt: skip


def test_characters_have_the_classes_that_were_measured(webshop_data: Path) -> None:
    measured = json.loads((webshop_data / "uax29_classes.json").read_text(encoding="utf-8"))
    allowed = {
        character: MEASURED[name]
        for name, runs in measured.items()
        for first, last in runs
        for character in range(first, last + 1)
    }
    assert measured.keys() == MEASURED.keys()
    wrong = [hex(c) for c in range(0x20000) if words._CLASS[c] not in allowed.get(c, "-#")]
    assert wrong == []


def test_characters_beyond_those_measured() -> None:
    assert {words._CLASS[c] for c in range(0x20000, 0x2A6D7)} == {"I"}
    assert words._CLASS[0x2A6D7] == words._CLASS[0x30000] == words._CLASS[0x10FFFF] == "-"
    assert {words._CLASS[c] for c in range(0xE0100, 0xE01F0)} == {"X"}


def test_few_classes_are_remembered_however_many_characters_come() -> None:
    tokenise("".join(map(chr, range(0x4E00, 0x9000))))
    assert len(words._CLASS) <= words.MAX_CLASSES


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Men's 3.5mm T-shirt, 1,000 thread-count!", ["Men's", "3.5mm", "T", "shirt", "1,000", "thread", "count"]),
        ("e.g. i.e. AT&T C++ wi-fi", ["e.g", "i.e", "AT", "T", "C", "wi", "fi"]),
        ("v1.08 1.000,5 2.0. .5 a.b:c d;e", ["v1.08", "1.000,5", "2.0", "5", "a.b:c", "d", "e"]),
        ("1;2 3:4 1. a.1 1.a", ["1;2", "3", "4", "1", "a", "1", "1", "a"]),
        ("foo_bar _ __ _a 1_000 a_1.5", ["foo_bar", "_a", "1_000", "a_1.5"]),
        ("na\u00efve r\u00e9sum\u00e9 a\u00b7b d\u2027e", ["na\u00efve", "r\u00e9sum\u00e9", "a\u00b7b", "d\u2027e"]),
        ("a\u202fb a\u200bb a\u00a0b a\nb", ["a\u202fb", "a", "b", "a", "b", "a", "b"]),
        ("\u6f22\u5b57 \u3042\u3044", ["\u6f22", "\u5b57", "\u3042", "\u3044"]),
        ("\u30a2\u30a4 \u30a2_\u30a4 \u30a2a", ["\u30a2\u30a4", "\u30a2_\u30a4", "\u30a2", "a"]),
        ("\uac00\ub098\ub2e4 \uff71\uff72", ["\uac00\ub098\ub2e4", "\uff71\uff72"]),
        ("\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 1\u0e01", ["\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "1", "\u0e01"]),
        ("\u0663\u066b\u0665 \u0967\u0968", ["\u0663\u066b\u0665", "\u0967\u0968"]),
        (f"{TAV}' {TAV}\"{TAV} \"{TAV}\" a'", [f"{TAV}'", f'{TAV}"{TAV}', TAV, "a"]),
        (f"{TAV}\"{TAV}\"{TAV} {TAV}\"{TAV}' {TAV}.{TAV}\"{TAV}",
         [f'{TAV}"{TAV}', TAV, f'{TAV}"{TAV}', f"{TAV}.{TAV}", TAV]),
        (f"e{ACUTE}a {ACUTE}a a{ZWJ}b a\u00adb {ZWJ}a", [f"e{ACUTE}a", "a", f"a{ZWJ}b", "a\u00adb", "a"]),
        (f"{THUMB}{THUMB}{SKIN} {SKIN} {MAN}{ZWJ}{WOMAN} a{SKIN}b",
         [THUMB, THUMB + SKIN, SKIN, MAN + ZWJ + WOMAN, f"a{SKIN}b"]),
        (f"{HEART}{EMOJI_STYLE} {HEART}{EMOJI_STYLE}{ACUTE} \u2122 \u00a9 x\u2605",
         [HEART + EMOJI_STYLE, HEART + EMOJI_STYLE, "\u2122", "\u00a9", "x", "\u2605"]),
        (f"{G}{B}{F}{R}{G} a{G}{B}", [G + B, F + R, "a", G + B]),
        (f"1{EMOJI_STYLE}{KEYCAP} #{EMOJI_STYLE}{KEYCAP} *{KEYCAP} # * 12{KEYCAP}",
         [f"1{EMOJI_STYLE}{KEYCAP}", f"#{EMOJI_STYLE}{KEYCAP}", f"*{KEYCAP}", f"12{KEYCAP}"]),
        (f"{THUMB}{TAGS} {THUMB}{EMOJI_STYLE}{TAGS} {THUMB}{EMOJI_STYLE}{ZWJ}{SKIN}",
         [THUMB + TAGS, THUMB + EMOJI_STYLE + TAGS, THUMB + EMOJI_STYLE + ZWJ + SKIN]),
        # The information source and the negative squared A are letters and emoji both; the longer token counts.
        (f"\u2139{EMOJI_STYLE} \u2139{EMOJI_STYLE}{ZWJ}{MAN} \u2139a \U0001f170b",
         [f"\u2139{EMOJI_STYLE}", f"\u2139{EMOJI_STYLE}{ZWJ}{MAN}", "\u2139a", "\U0001f170b"]),
        (f"\U00020000\U00020001 {SCRIPT_A}{SCRIPT_A} \U0001d7cf \U0001f900",
         ["\U00020000", "\U00020001", SCRIPT_A * 2, "\U0001d7cf"]),
        ("a\ud800b \udc00", ["a", "b"]),
    ],
)  # fmt: skip
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * 255, [255]),
        ("a" * 256, [255, 1]),
        ("a" * 254 + "'b", [254, 1]),
        ("a" * 254 + SCRIPT_A + "b", [254, 2]),  # which would have 256 units with half of the next letter
        (SCRIPT_A * 130, [127, 3]),
        ("\u0e01" * 300, [255, 45]),
        (THUMB + ACUTE * 300 + "a", [254, 1]),
        ("_" * 300 + "abc", [255, 2]),
        ("ab " + "1," * 200 + "1", [2, 255, 146 - 1]),
    ],
)
def test_no_token_has_more_than_255_utf16_units(text: str, lengths: list[int]) -> None:
    assert list(map(len, tokenise(text))) == lengths


@pytest.mark.parametrize("run", ["_", ZWJ, "a_", f"#{ACUTE}", SKIN + ZWJ, G + ACUTE])
def test_time_grows_with_the_length_of_a_text(run: str) -> None:
    seconds = []
    for length in (2_000, 20_000):  # tenfold, where a quadratic scan takes a hundredfold
        start = time.process_time()
        tokens = tokenise(run * length)
        seconds.append(time.process_time() - start)
        assert all(len(token) <= words.MAX_UNITS for token in tokens)
    assert seconds[1] < 35 * max(seconds[0], 0.002)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("it's", []),
        (" ".join(sorted(STOP_WORDS)), []),
        ("The men's X'S isn't", ["men", "x", "isn't"]),
        ("x\u2019s y\uff07s s's s", ["x", "y", "s", "s"]),
        ("\u0130stanbul \u039f\u0394\u039f\u03a3 GRO\u1e9e", ["istanbul", "\u03bf\u03b4\u03bf\u03c3", "gro\u00df"]),
        ("shoes shoes, Shoe", ["shoe", "shoe", "shoe"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert analyze(text) == expected


def test_there_are_33_stop_words() -> None:
    assert len(STOP_WORDS) == 33


STEMS = """
caresses caress, ponies poni, ties ti, cats cat, ies i, feed feed, agreed agre, plastered plaster, bled bled, sing sing,
conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall, hissing hiss, fizzed fizz,
failing fail, filing file, happy happi, sky sky, relational relat, conditional condit, rational ration, valenci valenc,
hesitanci hesit, digitizer digit, conformabli conform, radicalli radic, differentli differ, vileli vile,
analogousli analog, vietnamization vietnam, predication predic, operator oper, feudalism feudal, decisiveness decis,
hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit, sensibiliti sensibl, triplicate triplic,
formative form, electriciti electr, electrical electr, hopeful hope, goodness good, revival reviv, allowance allow,
inference infer, airliner airlin, gyroscopic gyroscop, adjustable adjust, defensible defens, irritant irrit,
replacement replac, adjustment adjust, dependent depend, adoption adopt, homologou homolog, communism commun,
activate activ, angulariti angular, effective effect, bowdlerize bowdler, probate probat, rate rate, cease ceas,
controll control, roll roll, us us, s s, assembly assembl, geology geologi, analogy analog, yyd yyd, syzygy syzygi,
eyes ey, enjoyed enjoi, ion ion, region region, oed o
"""


@pytest.mark.parametrize("pair", STEMS.strip().split(","))
def test_stems(pair: str) -> None:
    word, expected = pair.split()
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("s\u00e9s", "s\u00e9"),
        ("\u00fcnited", "\u00fcnite"),
        (SCRIPT_A + "s", SCRIPT_A),
        (f"a{SCRIPT_A * 2}ing", f"a{SCRIPT_A * 2}"),
    ],
)
def test_letters_beyond_ascii_are_consonants_and_those_of_two_units_count_twice(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_words_of_all_recorded_queries(webshop_data: Path) -> None:
    recorded = [json.loads(line) for line in (webshop_data / "golden_rankings.jsonl").read_text("utf-8").splitlines()]
    assert len(recorded) > 200
    assert [case["query"] for case in recorded if analyze(case["query"]) != case["tokens"]] == []


def words_of_tokens(text: str) -> list[str]:
    return [word for token in tokenise(text) if (word := words._word.__wrapped__(token))]


@given(st.text(alphabet=f"ab19_s#*.,:;'\" -()\u00e9\u2019\u2122{ACUTE}{ZWJ}{EMOJI_STYLE}{KEYCAP}", max_size=20))
def test_the_words_of_a_text_are_those_of_its_tokens(text: str) -> None:
    assert analyze(text) == words_of_tokens(text)


def test_the_words_of_a_product_are_those_of_its_tokens(products: list[Product]) -> None:
    for product in products[::50]:
        assert analyze(search_text(product)) == words_of_tokens(search_text(product))
