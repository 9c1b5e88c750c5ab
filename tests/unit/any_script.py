"""Any script at all, for property tests: every field, with what could be read as something else."""

import string

import msgspec
from hypothesis import strategies as st

from core.scripts.model import Script, ScriptChapter, ScriptPanel, Words

printable = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Co", "Cn"), include_characters=" ")
line = st.text(printable | st.sampled_from(':()#@\\-"*'), max_size=40).map(lambda text: " ".join(text.split()))
some_line = line.filter(bool)
tricky = st.sampled_from(
    ["# x", "cast: a", "ALICE: b", "\\x", "---", "@x: y", "### Panel 1", "NO DIALOGUE.", "CAPTION:", "  "]
).map(str.strip)
name = st.text(st.sampled_from(string.ascii_letters + "éÉ王 _."), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
some_name = name.filter(bool)
words = st.builds(
    lambda kind, lines, who, how, lang: Words(kind, "\n".join(lines), who if kind == "dialogue" else "", how, lang),
    st.sampled_from(["caption", "dialogue", "sfx"]),
    st.lists(some_line, min_size=1, max_size=3),
    name | st.sampled_from(["CAPTION", "SFX", "SEED", "WIDE SHOT", "ALICE", ""]),
    name,
    st.sampled_from(["", "", "fr", "pt-BR", "zh-Hant"]),
)
panel = st.builds(
    ScriptPanel,
    chapter=st.just(0),
    page=st.integers(1, 99),
    number=st.integers(0, 99),
    text=(some_line | tricky).filter(bool),
    line=st.just(0),
    id=name,
    size=name | st.just("a (b"),
    aspect=name,
    cast=st.lists(some_name, max_size=3).map(tuple),
    place=name,
    slug=name | st.sampled_from(["INT. GARRET - NIGHT", "EXT. ROOFS - CONTINUOUS", "INT. A/B", "somewhere"]),
    template=name,
    words=st.lists(words, max_size=3).map(tuple),
    refs=st.lists(some_name, max_size=2).map(tuple),
    seed=st.none() | st.integers(0, 10**18 - 1),
)
table = st.dictionaries(some_line, line | st.text(max_size=20), max_size=3)


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    numbers = draw(st.lists(st.integers(0, 999), min_size=1, max_size=4, unique=True))
    panels: list[ScriptPanel] = []
    for number in numbers:
        own = draw(st.lists(panel, max_size=4))
        panels += [msgspec.structs.replace(item, chapter=number) for item in own]
    if not panels:
        panels = [msgspec.structs.replace(draw(panel), chapter=numbers[0])]
    titles = line.filter(lambda title: not title.startswith((":", "-", "."))) | st.just("")
    return Script(
        tuple(
            ScriptChapter(number, draw(titles), draw(name), tuple(draw(st.lists(some_name, max_size=2))))
            for number in numbers
        ),
        tuple(panels),
        title=draw(line),
        style=draw(line),
        aspect=draw(line),
        cast=draw(table),
        places=draw(table),
        aliases=draw(table),
        sheets=draw(table),
        front=draw(table.map(lambda t: {k: v for k, v in t.items() if k not in ("title", "style", "aspect")})),
    )


def without_lines(script: Script) -> Script:
    panels = tuple(msgspec.structs.replace(panel, line=0) for panel in script.panels)
    return msgspec.structs.replace(script, panels=panels)
