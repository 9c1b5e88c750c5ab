"""What scripts call their parts, in the languages comics are mostly written in: data, and nothing else.

Words are compared without case. All of them but ``chapter``, ``page`` and ``panel`` count only with a number behind
them (a *case* may be a suitcase, a *Bild* a painting).
"""

import re

CHAPTERS = (
    "chapter", "issue", "episode", "act", "part",
    "chapitre", "épisode", "acte", "partie", "kapitel", "folge", "akt", "teil", "capítulo", "capitulo", "episodio",
    "capitolo", "atto", "parte", "hoofdstuk", "глава", "часть", "эпизод", "الفصل", "فصل", "פרק",
)  # fmt: skip
PAGES = (
    "pages", "page", "pgs.", "pgs", "pg.", "pg", "planches", "planche", "seiten", "seite", "páginas", "página",
    "paginas", "pagina", "tavola", "tavole", "страницы", "страница", "стр.", "الصفحة", "صفحة", "עמוד",
)  # fmt: skip
PANELS = (
    "panels", "panel", "pnl.", "pnl", "frame", "cases", "case", "vignettes", "vignette", "bild", "viñeta", "vineta",
    "vignetta", "quadro", "cuadro", "paneel", "панель", "кадр", "كادر", "اللوحة", "لوحة", "פאנל", "פריים", "コマ", "컷",
)  # fmt: skip

COUNTED = {
    "chapter": ("章", "話", "话", "回", "화"),
    "page": ("ページ", "頁", "页", "페이지"),
    "panel": ("コマ目", "コマ", "格", "컷"),
}
"""Words behind their number: ``第1章``, ``2ページ``, ``3コマ目``."""

CAPTIONS = frozenset({
    "caption", "captions", "cap", "caps", "narration", "narrator", "narrative", "text box", "narration box",
    "récitatif", "recitatif", "cartouche", "narrateur", "narratrice", "erzähler", "erzählerin", "erzähltext",
    "textbox", "textkasten", "blocktext", "kasten", "cartela", "cartucho", "cartelera", "narrador", "narradora",
    "didascalia", "narratore", "ナレーション", "旁白", "나레이션", "내레이션", "подпись", "рассказчик",
    "تعليق", "الراوي", "כיתוב", "קריין",
})  # fmt: skip
SOUNDS = frozenset({
    "sfx", "fx", "sound", "sounds", "sound fx", "sound effect", "sound effects", "bruitage", "bruitages", "onomatopée",
    "geräusch", "geräusche", "soundword", "soundwort", "efecto", "sonido", "rumore", "effetto", "effetto sonoro",
    "効果音", "擬音", "音效", "효과음", "звук", "صوت", "מצלול",
})  # fmt: skip
TITLES = frozenset({"title", "credits", "titre", "titel", "titolo"})
"""Lettered like captions, and told apart by how: ``CAPTION (title)``."""

SURE = frozenset({
    "caption", "captions", "cap", "caps", "sfx", "narration", "narrator", "récitatif", "bruitage", "onomatopée",
    "erzähler", "erzähltext", "narrador", "didascalia",
})  # fmt: skip
"""Those that letter something in small letters too: no description begins with them and a colon."""

PICTURES = frozenset({
    "description", "visual", "visuals", "visual description", "panel description", "picture", "image", "art",
    "action", "beschreibung", "descripción", "descrizione", "描述", "描写",
})  # fmt: skip
"""Labels in front of what is seen: ``Description: A lamp in the fog.``"""

SPEECHES = frozenset({"dialogue", "dialogues", "dialog", "dialoge", "speech", "diálogo", "dialogo", "dialoghi", "台詞"})
"""Labels in front of who says what: ``Dialogue: Mira: Run!``"""

NUMBERS = {
    word: number
    for language in (
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
        "uno due tre quattro cinque sei sette otto nove dieci",
        "一 二 三 四 五 六 七 八 九 十",
    )
    for number, word in enumerate(language.split(), start=1)
} | {"une": 1, "une seule": 1}

WHOLE = re.compile(
    r"splash|spread|full[- ]page|double[- ]page|pleine page|double planche|ganzseitig|doppelseite|見開き", re.I
)
"""A page with one picture all over it."""

AGAIN = re.compile(r"cont(?:inued|['’]?d|\.)|suite|fortsetzung|forts\.", re.I)
"""Goes on; says nothing about the picture."""


def either(words: tuple[str, ...]) -> str:
    """An expression for any of ``words``, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
