"""Porter's stemmer, as Lucene's PorterStemFilter has it.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the three changes that its author lists at
https://tartarus.org/martin/PorterStemmer: words of one or two letters stay, -bli becomes -ble, and -logi becomes -log.
A letter is what Lucene takes for one, a UTF-16 unit; all but a, e, i, o, u and y are consonants.
"""

import re

_CONSONANTS = re.compile("[^V]")
_VOWELS = str.maketrans("aeiou", "VVVVV")


def _rules(text: str) -> dict[str, list[tuple[str, str]]]:
    """Suffixes and what replaces them, by the suffix's last letter but one; of several the first that fits counts."""
    rules: dict[str, list[tuple[str, str]]] = {}
    for rule in text.split():
        suffix, _, replacement = rule.partition(">")
        rules.setdefault(suffix[-2], []).append((suffix, replacement))
    return rules


_STEP_2 = _rules("""
    ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize
    ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble logi>log
""")
_STEP_3 = _rules("icate>ic ative> alize>al iciti>ic ical>ic ful> ness>")
_STEP_4 = _rules("al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize")


def stem(word: str) -> str:
    """The stem of a word in lower case."""
    if not word.isascii() and max(word) > "\uffff":
        units = "".join(map(chr, memoryview(word.encode("utf-16", "surrogatepass")).cast("H")[1:]))
        return stem(units).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if len(word) <= 2:
        return word
    word = _step_1(word)
    word = _replace(_replace(word, _STEP_2), _STEP_3)
    for suffix, _ in _STEP_4.get(word[-2:-1], ()):
        if word.endswith(suffix) and (suffix != "ion" or word[-4:-3] in ("s", "t")):
            if _measure(word[: -len(suffix)]) > 1:
                word = word[: -len(suffix)]
            break
    if word.endswith("e"):
        measure = _measure(word)
        if measure > 1 or (measure == 1 and not _ends_short(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def _step_1(word: str) -> str:
    """Without plurals, -ed and -ing, and with -i for -y."""
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and word[-2] != "s":
        word = word[:-1]
    if word.endswith("eed"):
        if _measure(word[:-3]):
            word = word[:-1]
    elif word.endswith(("ed", "ing")):
        left = word[:-2] if word.endswith("ed") else word[:-3]
        if "V" in _shape(left):
            word = left
            if word.endswith(("at", "bl", "iz")):
                word += "e"
            elif len(word) > 1 and word[-1] == word[-2] and _shape(word)[-1] == "C":
                word = word if word[-1] in "lsz" else word[:-1]
            elif _measure(word) == 1 and _ends_short(word):
                word += "e"
    return word[:-1] + "i" if word.endswith("y") and "V" in _shape(word[:-1]) else word


def _replace(word: str, rules: dict[str, list[tuple[str, str]]]) -> str:
    for suffix, replacement in rules.get(word[-2:-1], ()):
        if word.endswith(suffix):
            return word[: -len(suffix)] + replacement if _measure(word[: -len(suffix)]) else word
    return word


def _shape(word: str) -> str:
    """The word with V for each vowel and C for each consonant; y is a vowel after a consonant."""
    shape = _CONSONANTS.sub("C", word.translate(_VOWELS)) if "y" not in word else ""
    if not shape:
        for letter in word:
            vowel = letter in "aeiou" or (letter == "y" and shape.endswith("C"))
            shape += "V" if vowel else "C"
    return shape


def _measure(word: str) -> int:
    """How many times consonants follow vowels."""
    return _shape(word).count("VC")


def _ends_short(word: str) -> bool:
    """Whether the word ends in consonant, vowel and a consonant that is not w, x or y."""
    return _shape(word).endswith("CVC") and word[-1] not in "wxy"
