"""Characters that nothing shows, or that look like others: two texts alike that are not the same.

Sources: Unicode 14, DerivedCoreProperties (Default_Ignorable_Code_Point) and
EquivalentUnifiedIdeograph.
"""

from __future__ import annotations

import re
import unicodedata

# For a class of a regular expression: what Unicode says is shown by nothing, the blank Braille
# pattern, and the marks of interlinear notes.
UNSEEN_IN_TEXT = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# In free text the joiners make one emoji of several, and a selector chooses how a character looks.
UNSEEN = UNSEEN_IN_TEXT + "\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Radicals, and characters that Unicode has a second time to be compatible with old character sets.
SECOND_FORMS = (
    "\u2e81-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20"
    "\ufa22\ufa25\ufa26\ufa2a-\ufad9\U0002f800-\U0002fa1d"
)
# Accents by themselves, which join the letter before; é with its accent is one character.
ACCENTS = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"

_UNSEEN = re.compile(f"[{UNSEEN}]")
_SECOND_FORM = re.compile(f"[{SECOND_FORMS}]")

# Radicals that only look like a character: each with the one that it looks like.
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢"
    "⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵"
    "⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓"
    "⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎"
    "⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長"
    "⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐"
    "⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜"
    "⻲亀⻳龟"
)
_OF_RADICALS = dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))


def without_second_forms(text: str) -> str:
    """The text with each radical, or second form of a character, as the character itself."""
    return _SECOND_FORM.sub(lambda match: _first_form(match[0]), text)


def _first_form(character: str) -> str:
    return _OF_RADICALS.get(character) or unicodedata.normalize("NFKC", character)


def composed(text: str) -> str:
    """The text with each accent in one character with its letter, where there is one."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """The text as far as it is seen, for comparing: no width, no case, nothing that hides.

    Longer than the text where one character stands for several: ㈠ becomes (一).
    """
    plain = without_second_forms(_UNSEEN.sub("", text))
    return unicodedata.normalize("NFKC", plain).casefold()
