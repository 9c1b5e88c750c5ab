"""Says in plain words what a setting should have been: «a whole number from 1 to 200 or "auto"»."""

import difflib
import re
from typing import Any

import msgspec
from msgspec import inspect as shape


def complaint_about(error: msgspec.ValidationError, table: object, config: type) -> tuple[str, str]:
    """(key, sentence) for msgspec's ``error`` about ``table``, which should be a ``config``."""
    reason, _, where = str(error).partition(" - at ")
    parts = _parts(where)
    if unknown := re.search(r"unknown field `(.+)`", reason):
        return _key([*parts, unknown[1]]), _unknown(unknown[1], _type_at(config, parts))
    if missing := re.search(r"missing required field `(.+?)`", reason):
        return _key([*parts, missing[1]]), f'it is missing; add {missing[1]} = "…"'
    value, kind = _value_at(table, parts), _type_at(config, parts)
    if texts := _texts_of(kind, value):
        name, wrong = next(((n, v) for n, v in value.items() if not _fits(v, texts)), ("", value))  # type: ignore[attr-defined]
        return _key([*parts, name]), f"expected {_words(texts)}, got {_shown(wrong)}"
    hint = _hint(kind, value, _key(parts))
    return _key(parts), f"expected {_words(kind)}, got {_shown(value)}" + (f"; {hint}" if hint else "")


def _texts_of(kind: shape.Type, value: object) -> shape.StrType | None:
    """What a table of texts should hold, where ``value`` is such a table and something in it is no text."""
    for option in kind.types if isinstance(kind, shape.UnionType) else (kind,):
        if isinstance(option, shape.DictType) and isinstance(option.value_type, shape.StrType):
            return option.value_type if isinstance(value, dict) else None
    return None


def _fits(value: object, kind: shape.StrType) -> bool:
    return isinstance(value, str) and len(value) >= (kind.min_length or 0)


def _hint(kind: shape.Type, value: object, key: str) -> str:
    """How a table is written, for whoever wrote something else."""
    if isinstance(kind, shape.StructType) and not isinstance(value, dict) and "[" not in key:
        return f"write [{key}] on a line of its own, and its keys below"
    if isinstance(kind, shape.VarTupleType) and isinstance(kind.item_type, shape.StructType) and value:
        return f"write [[{key}]], in two brackets, for each"
    return ""


def _parts(where: str) -> list[str | int]:
    """``$.cast[0].looks`` -> ["cast", 0, "looks"]."""
    return [int(index) if index else name for name, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", where.strip("`"))]


def _key(parts: list[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _value_at(table: Any, parts: list[str | int]) -> object:
    for part in parts:
        table = table[part]
    return table


def _type_at(config: type, parts: list[str | int]) -> shape.Type:
    kind: shape.Type = shape.type_info(config)
    for part in parts:
        kind = _inner(kind, part)
    return kind


def _inner(kind: shape.Type, part: str | int) -> shape.Type:
    options = kind.types if isinstance(kind, shape.UnionType) else (kind,)
    for option in options:
        if isinstance(option, shape.StructType) and isinstance(part, str):
            return next(field.type for field in option.fields if field.encode_name == part)
        if isinstance(option, shape.VarTupleType) and isinstance(part, int):
            return option.item_type
    return kind


def _unknown(name: str, kind: shape.Type) -> str:
    known = [field.encode_name for field in kind.fields] if isinstance(kind, shape.StructType) else []
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f'there is no such key; did you mean "{near[0]}"?'
    return f"there is no such key; known are {', '.join(known)}"


def _words(kind: shape.Type) -> str:
    match kind:
        case shape.UnionType(types=types):
            return " or ".join(_words(option) for option in types if not isinstance(option, shape.NoneType))
        case shape.LiteralType(values=values):
            return " or ".join(_shown(value) for value in values)
        case shape.BoolType():
            return "true or false"
        case shape.IntType():
            return "a whole number" + _range(kind)
        case shape.FloatType():
            return "a number" + _range(kind)
        case shape.StrType():
            return _text(kind)
        case shape.VarTupleType(item_type=item):
            return "a list of tables" if isinstance(item, shape.StructType) else "a list of texts"
        case shape.DictType(value_type=shape.StrType()):
            return "a table of texts"
        case shape.StructType() | shape.DictType():
            return "a table"
    return "something else"


def _text(kind: shape.StrType) -> str:
    examples = (kind.pattern and _EXAMPLES.get(kind.pattern)) or ""
    return f"a text such as {examples}" if examples else "a text" + (" that is not empty" if kind.min_length else "")


def _range(kind: shape.IntType | shape.FloatType) -> str:
    low = f"{kind.ge:g}" if kind.ge is not None else ""
    if low and kind.le is not None:
        return f" from {low} to {kind.le:g}"
    bounds = [
        f"above {kind.gt:g}" if kind.gt is not None else "",
        f"of at least {low}" if low else "",
        f"at most {kind.le:g}" if kind.le is not None else "",
    ]
    told = " and ".join(filter(None, bounds))
    return f" {told}" if told else ""


def _shown(value: object) -> str:
    """A TOML value as its author would know it again, cut where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shown = value if len(value) <= 60 else value[:60] + "…"
        return msgspec.json.encode(shown).decode()
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)


ASPECT = r"^([1-9][0-9]{0,3}:[1-9][0-9]{0,3})?$"
MEMORY = r"^(auto|(?=[0-9.]*[1-9])[0-9]{1,9}(\.[0-9]{1,3})? ?[KkMmGg]i?B)$"
HTTP = r"^(https?://[^\s/]\S*)?$"
WS = r"^(wss?://[^\s/]\S*)?$"
CDP = r"^((https?|wss?)://[^\s/]\S*)?$"
_EXAMPLES = {
    HTTP: '"http://127.0.0.1:8765"',
    WS: '"ws://127.0.0.1:3000/"',
    CDP: '"http://127.0.0.1:9222"',
    ASPECT: '"1:1" or "16:9"',
    MEMORY: '"auto" or "6 GiB"',
}
