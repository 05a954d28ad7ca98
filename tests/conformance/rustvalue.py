"""rustvalue: the value of a Rust literal `value!({key: "text", "key": r#"text"#, key: [..], key: true, key: 1.5})` (VRL's tests).

Takes  the literal. Gives a dict of str, bool, int, float, None, list, dict. ValueError for anything else.
"""
import re

TOKEN = re.compile(r'\s*(?:(?P<raw>r(?P<hashes>#*)")|(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|'
                   r"(?P<word>[A-Za-z_][\w.!-]*)|(?P<sign>[{}\[\]():,]))", re.S)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def tokens(text):
    at = 0
    while text[at:].strip():
        m = TOKEN.match(text, at)
        if not m:
            raise ValueError(f"no Rust value: {text[at:at + 40]}")
        at = m.end()
        if m["raw"]:
            end = text.index('"' + m["hashes"], at)
            yield "value", text[at:end]
            at = end + 1 + len(m["hashes"])
        elif m["string"]:
            yield "value", re.sub(r"\\(.)", lambda e: ESCAPES.get(e[1], e[1]), m["string"][1:-1], flags=re.S)
        elif m["number"]:
            yield "value", float(m["number"]) if "." in m["number"] else int(m["number"])
        else:
            yield ("word", m["word"]) if m["word"] else ("sign", m["sign"])


def parse(text):
    todo = list(tokens(text))[::-1]

    def take(sign=None):
        kind, value = todo.pop()
        if sign and (kind, value) != ("sign", sign):
            raise ValueError(f"{sign} expected, not {value}")
        return kind, value

    def comma(end):
        if todo[-1] == ("sign", ","):
            todo.pop()
        return todo[-1] == ("sign", end)

    def value():
        kind, v = take()
        if kind == "value":
            return v
        if kind == "word":
            if v in ("true", "false", "null"):
                return {"true": True, "false": False, "null": None}[v]
            take("(")  # value!(...), Value::from(...)
            inner = value()
            take(")")
            return inner
        if v == "[":
            out = []
            while not comma("]"):
                out.append(value())
            take("]")
            return out
        if v == "{":
            out = {}
            while not comma("}"):
                name = take()[1]
                take(":")
                out[name] = value()
            take("}")
            return out
        raise ValueError(f"no value begins with {v}")

    return value()


def same(ours, theirs):
    """Ours is text. A list is a name that stands several times, or items with commas; true is a name without a value."""
    if isinstance(theirs, bool):
        return ours == str(theirs).lower() or (theirs and ours == "")
    if isinstance(theirs, list):
        return ours in (",".join(map(str, theirs)), str(theirs), str(theirs[-1]))
    return str(ours) == ("" if theirs is None else str(theirs))
