"""The words of a text, as the original's search engine has them: Lucene 9.5's analysis for English.

Tokens are found by Lucene's StandardTokenizer: the word breaks of UAX #29 (https://unicode.org/reports/tr29), where
ideographs, hiragana and emoji are tokens by themselves, South-East Asian text is not divided, and no token is longer
than 255 UTF-16 units. From each, a final 's goes; it is lower-cased, dropped if it is a stop word, and stemmed.
"""

import re
import string
from array import array
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate, chain

from gigpo_gym.envs.webshop.porter import stem

MAX_UNITS = 255  # of UTF-16, in a token
MAX_CACHED = 255  # characters between two spaces, for their words to be remembered
MAX_CLASSES = 4096  # that are remembered, however many characters a hostile text has
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they "
        "this to was will with",
    )
)
_MARKS = string.punctuation.replace("_", "")  # of ASCII: what no token begins or ends with
POSSESSIVES = tuple(mark + s for mark in "'\u2019\uff07" for s in "sS")

# The classes of all characters from U+0000 on, in Lucene's Unicode 12.1 (Python's is newer, and grows): each class with
# the number of characters in a row that have it, in base 36. By the Unicode names of their properties:
#   A ALetter, H Hebrew_Letter, N Numeric, K Katakana, _ ExtendNumLet, S Complex_Context, I Han and Hiragana
#   : MidLetter, `,` MidNum, . MidNumLet, ' Single_Quote, " Double_Quote
#   E emoji, B emoji that are also ALetter, M Emoji_Modifier, R Regional_Indicator, # what U+20E3 makes a key cap
#   X Extend and Format, T those that are also Complex_Context, and some that emoji treat in another way: Z zero-width
#   joiner, P and F text and emoji presentation selector, C U+20E3, G tag, Q end of tags
#   - all others
_CLASSES = """
-y"#-3'-2#-,-.-Na:,-5Aq-4_-Aq-1aEA-2XE-6A-:-2A-5An-Av-Adc-6A7-7AkX34A5-A2-2A4,A-6A:A3-A-Ak-A2b-A3v-X7A4m-A12-2A-A2-A-A15
,-7X19-X-X2-X2-X-8Hr-4H4A:-bX6-6,2-2Xb-X-3A17XlNa-A,-A2XA2r-AX8-X6A2X2-X4A2NaA3-2A-fXAXAuXr-2A2hXbA-eNaAxX9A2-2,-A-2X-2A
mX4AX9AX3AX5-iApX3-4Ab-1hAl-A8-lX1dA1iX3AXiAX7AaX2-2Na-AgX3-A8-2A2-2Am-A7-A-3A4-2XAX7-2X2-2X3A-8X-4A2-A3X2-2NaA2-aA-X-2X
3-A6-4A2-2Am-A7-A2-A2-A2-2X-X5-4X2-2X3-3X-7A4-A-7NaX2A3X-bX3-A9-A3-Am-A7-A2-A5-2XAX8-X3-X3-2A-fA2X2-2Na-9AX6-X3-A8-2A2-2
Am-A7-A2-A5-2XAX7-2X2-2X3-8X2-4A2-A3X2-2Na-A-gXA-A6-3A3-A4-3A2-A-A2-3A2-3A3-3Ac-4X5-3X3-X4-2A-6X-eNa-gX5A8-A3-An-Ag-3AX7
-X3-X4-7X2-A3-5A2X2-2Na-gAX3-A8-A3-An-Aa-A5-2XAX7-X3-X4-7X2-7A-A2X2-2Na-A2-dX4-A8-A3-A15X2AX7-X3-X4A-5A3X-7A3X2-2Na-aA6-
2X2-Ai-3Ao-A9-A-2A7-3X-4X6-X-X8-6Na-2X2-dS1cTS2T7-5S7T8-Na-13S2-S-S5-So-S-SaTS2T9S-2S5-S-T6-2Na-2S4-wA-nX2-6Na-bX-X-X-4X
2A8-A10-4Xk-X2A5Xb-X10-9X-1lS17TkSNa-6S6T4S4T3ST3S2T7S3T4SdTcSTNaT4S2A12-A-5A-2A17-A99-A4-2A7-A-A4-2A15-A4-2Ax-A4-2A7-A-
A4-2Af-A1l-A4-2A1v-2X3-wAg-gA2e-2A6-3Ah8-2Ah-Aq-5A23-3Ab-7Ad-A4X3-bAiX3-bAiX2-cAd-A3-X2-cS1gTw-3S-4ST-2Na-xX4-Na-6A2h-7A
5X2AyXA-5A1y-aAv-Xc-4Xc-aNaSu-2S5-bS18-4Sq-6NaS-3S2-wAnX5-4S1hTa-Tt-2XNa-6Na-6Se-2Xf-1tX5A1bXhA7-4Na-hX9-cX3AuXdA2NaA18X
e-cA10Xk-8Na-3A3NaA10-2A9-7A17-2A3-gX3-XlA4XA6XA2X3A-5A5cX1m-X5A7q-2A6-2A12-2A6-2A8-A-A-A-Av-2A1h-A7-A-3A3-A7-3A4-2A6-4A
d-5A3-A7-fXZX2-8.2-a.-2:-2X5_-cE-2_2-3,-4E-a_-bX5-Xa-A-dA-gAd-1fXjCXd-hA-4A-2Aa-A-3A5-4E-A-A-A-A4-AaB-2A4-5A5-4A-hA15-bE
6-fE2-a7E2-cE-2nE-1yE-pEb-4E3-57AcBA13-5cE2-aE-9E-1mE4-E6-Ec-E36-aE3a-2Eb-E-E-6E-3E-6E-aE2-fE-2E-4E-E-4E3-E-bE5-19E3-9E-
eE-eE-acE2-cvE3-jE2-1fE-4E-4qA1b-A1b-A3p-6A4X3A2-cA12-A-5A-2A1k-7A-fXAn-9A7-A7-A7-A7-A7-A7-A7-A7-Xw-1bA-28Iq-I2h-cI5y-1b
A-I-pI9X6EK5-2I3A2E-3I2e-2X2K2I3K2j-K4-5A17-A2m-hAr-1hKg-47E-E-1iK1b-K2g-4oI52u-22Ig6o-gAwd-1vA1a-2A7h-3AgNaA2-kA1bX4-Xa
-AvX2A28X2-11A4p-2A5-1cAbXA3XA4XAnX5-oA1g-cX2A1eXi-aNa-6XiA6-3A-A2XNaAsX8-2AnXd-cAt-3X4A1bXe-eANa-6S5TSaNaS5-A15Xe-9A3XA
8X2-2Na-6SrT3S1eTST3S2T2S5T2STS-oS5AbX5-2A3X2-aA6-2A6-2A6-9A7-A7-A1k-8A37X8-X2-2Na-6A8mc-cAn-4A1d-6isIa6-2I2y-12A7-cA5-5
HXHa-Hd-H5-H-H2-H2-HaA2q-xAa3-iA1s-2A1i-14Ac-4XePF,-2:,-bXg-3_2-o_3,-.-,:-qA5-A3r-2X-7.-4,-.-Na:,-5Aq-4_-Aq-bK1kX2Av-3A6
-2A6-2A6-2A3-sX3-4Ac-Aq-Aj-A2-Af-2Ae-yA3f-1xA1h-3sX-3mAt-3A1d-fX-vAw-dAu-5A12X5-5Au-2A10-4A8-A5-16A4e-2Na-6A10-4A10-4A14
-8A1g-4cA8n-9Am-aA8-48A6-2A-A18-A2-3A-2An-aAn-9Av-1tAj-A2-aAm-aAq-1yA1k-6A2-1sAX3-X2-5X4A4-A3-At-2X3-4X-wAt-3At-zA8-AsX2
-pA1i-aAm-aAj-dAi-32A21-1jA1f-dA1f-dA10X4-8Na-cmAt-aA-8AmXb-3zAn-9X3A1hXf-vNa-fX4A19Xb-2X-fX-2Ap-7Na-6X3A10Xe-Na-4AX2-9A
zX-2A-9X3A1cXeA4-4X4-3NaA-A-zAi-ApXc-6X-1tA7-A-A4-Af-Aa-7A1bXc-5Na-6X4-A8-2A2-2Am-A7-A2-A5-X2AX7-2X2-2X3-2A-6X-5A5X2-2X7
-3X5-3vA1hXiA4-5Na-4XA-wA1cXkA2-A-8Na-4mA1bX7-2X9-nA4X2-yA1cXh-3A-bNa-12A17XdA-7Na-1iSr-2Tf-4NaS2-3S-5cA18Xf-2tA1sNa-lA-
4gA8-2A13X7-2X7A-AX-rAXaA14X7AX4-8X-8AXbA1aXg-3A-yA1l-7bA9-A11X8-X8A-fNa-oAu-2Xm-Xe-21A7-A2-A12X6-3X-X2-X7AX-8Na-6A6-A2-
AwX5-X2-X5A-7Na-8mAjX4-7dApm-2uA33-hA5g-24cAtr-X9-347Ag7-6ntAft-7Av-Na-2uAu-2X5-bA1cX7-9A4-cNa-9Al-5Aj-j4A1s-3kA23-4XAX1
j-7X4Ad-1sA2-A-cnwKI7y-1dI3-hK4-23cA2z-5Ad-3A9-7Aa-3X2-X4-43lX5-3Xm-2X7-uX4-44X3-cbA2d-A1z-A2-2A-2A2-2A4-Ac-A-A7-A1t-A4-
2A8-A7-As-A4-A5-A-3A7-A9g-2Ap-Ap-Av-Ap-Av-Ap-Av-Ap-Av-Ap-A8-2N1e-e8X1j-4X1e-8X-eX-mX5-Xf-11sX7-Xh-2X7-X2-X5-5xA19-3X7A7-
2Na-4A-a9A18X4Na-zqA5h-bX7-15A1wX7A-4Na-x2A4-Ar-A2-A-2A-Aa-A4-A-A-6A-4A-A-A-A3-A2-A-2A-A-A-A-A-A2-A-2A4-A7-A4-A4-A-Aa-Ah
-5A3-A5-Ah-90E74-dE3-vEAq-6Aq-2E4B2AcB2Aa-4E-2Ea-iE1lRqIEf-aE-kE-2E9-E4-9Ec2M5E8u-8E56IE27-1cE3k-38Ec-2dE17-cE4-1kE8-aE6
-14E8-uE2a-cE1b-Ea-E1br-2Iwyf-15I379-bI66-2I4g2-eI5rl-2e7If2-fherX-uG2nQ-3kX6o
""".replace("\n", "")


class _Classes(dict[int, str]):
    """The class of each character, as str.translate wants it."""

    def __init__(self) -> None:
        runs = re.findall("([^0-9a-z])([0-9a-z]*)", _CLASSES)
        self._names = [name for name, _ in runs] + ["-"]
        self._ends = list(accumulate(int(count or "1", 36) for _, count in runs))

    def __missing__(self, character: int) -> str:
        name: str = self._names[bisect_right(self._ends, character)]
        if len(self) < MAX_CLASSES:
            self[character] = name
        return name


_CLASS = _Classes()


def _grammar() -> tuple[str, str]:
    """Lucene's rules for tokens of letters and digits, and for all others, as patterns over classes.

    Source: StandardTokenizerImpl.jflex. Every part takes all that it can, so that the first match is the longest. What
    stands before a token's first letter or emoji is bounded, or a long run of it alone would take quadratic time.
    """
    bare = "[XTMZCGQ]*"  # what extends the character before it; presentation selectors do so in `marks` only
    marks = "[XTMZCGQPF]*"
    joiners = f"_[_XTMZCGQPF]{{0,{MAX_UNITS}}}+"
    hebrew = f"H{marks}(?:'{marks}|\"{marks}H{marks})"
    letters = f"(?:[AB]+|H){marks}(?:[:.']{marks}[AHB]{marks})*"
    digits = f"N+{marks}(?:[,.']{marks}N{marks})*"
    part = f"(?:(?:K{marks})+|(?:{hebrew}|{letters}|{digits})+)"
    word = f"(?:{joiners})?{part}(?:{joiners}{part})*(?:{joiners})?"

    zwj = f"Z{{0,{MAX_UNITS}}}+"
    skin = f"M{bare}"
    emoji = f"[EB]{bare}(?:(?<=Z)[EB]{bare})*"
    emojis = f"(?:{zwj}|{skin}(?<=Z)){emoji}(?:F(?:Z+|Z{skin}(?<=Z)){emoji})*(?:F(?:Z{skin})?)?|{skin}"
    tagged = f"{zwj}[EB]{bare}FG+Q"
    keycap = f"#{bare}F?C{bare}"
    return word, f"{tagged}|{emojis}|{keycap}|R{marks}R{marks}|[ST][SXTMZCGQPF]*|I{marks}"


_PLAIN = "[AN]++(?![^-])"  # most tokens; `word` finds them too, but slower
_TOKEN = re.compile("|".join((_PLAIN, *_grammar())))
_RULES = [re.compile(rule) for rule in _grammar()]
_START = re.compile("[^-:,.'\"XPFCGQ]")


def tokenise(text: str) -> list[str]:
    """The tokens of a text, as they stand in it."""
    classes = text.translate(_CLASS)
    tokens = [text[match.start() : match.end()] for match in _TOKEN.finditer(classes)]
    if "B" not in classes and len(max(tokens, key=len, default="")) <= MAX_UNITS // 2:
        return tokens
    # By hand, where a token may be cut short, or start with a letter that as an emoji makes a longer one.
    units = array("Q", accumulate((1 + (character > "\uffff") for character in text), initial=0))
    tokens, place = [], 0
    while start := _START.search(classes, place):
        place = start.start()
        limit = bisect_right(units, units[place] + MAX_UNITS) - 1
        matches = [rule.match(classes, place, limit) for rule in _RULES]
        if end := max((match.end() for match in matches if match), default=0):
            tokens.append(text[place:end])
        place = end or place + 1
    return tokens


def analyze(text: str) -> list[str]:
    """The words under which a text is found, in the order and number in which they stand in it."""
    chunks = text.split(" ")
    words = _words if len(max(chunks, key=len)) <= MAX_CACHED else _words.__wrapped__
    return list(chain.from_iterable(map(words, chunks)))


@lru_cache(maxsize=1 << 15)
def _words(chunk: str) -> tuple[str, ...]:
    word = chunk.strip(_MARKS)  # most chunks are one word, perhaps with marks around it, and need no rules
    tokens = [word] if word.isascii() and word.isalnum() and len(word) <= MAX_UNITS else tokenise(chunk)
    return tuple(filter(None, map(_word, tokens)))


@lru_cache(maxsize=1 << 14)
def _word(token: str) -> str:
    """The word that a token stands for, empty for a stop word."""
    if token.endswith(POSSESSIVES):
        token = token[:-2]
    # Lucene lowers each character by itself; only U+0130 has a longer lower case, and Lucene takes its first letter.
    word = token.lower() if token.isascii() else "".join(character.lower()[0] for character in token)
    return "" if word in STOP_WORDS else stem(word)
