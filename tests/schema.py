#!/usr/bin/python3
"""schema: validates a draft (argv[2]) against the schema (argv[1]); also what a schema cannot say: no reals anywhere.

Without a draft: looks at the schema itself. Every field (a property of any object in it) has a description of its own, a sentence, which
says the unit and what null means where there are such; and an example that is valid: its own `examples`, or those of the definition that
it, or each of its elements, is. Gives a line for each field that lacks one, and exit 1; "N fields" when all is well.
"""
import json
import sys

import jsonschema


UNITS = {"_us": "microseconds", "_ppm": "millionths", "_milli": "thousandths"}


def no_real(text):
    raise SystemExit(f"a real number: {text}")


def parts(node, path):
    """Subschemas of a schema with their paths; a property of an object is marked as a field."""
    for name, sub in node.get("properties", {}).items():
        yield f"{path}/{name}", sub, True
        yield from parts(sub, f"{path}/{name}")
    for name, sub in node.get("$defs", {}).items():
        yield name, sub, False
        yield from parts(sub, name)
    for sub in [node["items"]] if isinstance(node.get("items"), dict) else []:
        yield f"{path}[]", sub, False
        yield from parts(sub, f"{path}[]")
    for sub in node.get("anyOf", []) + node.get("oneOf", []):
        yield path, sub, False
        yield from parts(sub, path)


def meant(schema, node):
    """The schemas that say what a value, or each element of it, is: the node, and what it refers to."""
    yield node
    if "$ref" in node:
        target = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from meant(schema, target)
    for sub in node.get("anyOf", []) + ([node["items"]] if "$ref" in node.get("items", {}) else []):
        yield from meant(schema, sub)


def may_be_null(node):
    return node.get("type") == "null" or "null" in node.get("type", []) or None in node.get("enum", []) or any(map(may_be_null, node.get("anyOf", [])))


def unsaid(path, node):
    """What the description of a field leaves out."""
    text = node.get("description", "").strip()
    if not text.endswith("."):
        yield "no description, or it is no sentence"
    if may_be_null(node) and "Null" not in text:
        yield "it does not say what null means (Null: ...)"
    for end, unit in UNITS.items():
        if path.endswith(end) and unit not in text:
            yield f"it does not say its unit, {unit}"


def undescribed(schema):
    """What is wrong with the schema as a document: a line each; and how many fields it has."""
    validator = jsonschema.Draft202012Validator(schema)
    wrong, fields = [], 0
    for path, node, is_field in [("", schema, False), *parts(schema, "")]:
        if is_field:
            fields += 1
            wrong += [f"{path}: {what}" for what in unsaid(path, node)]
            if not any(sub.get("examples") for sub in meant(schema, node)):
                wrong.append(f"{path}: no example")
        for example in node.get("examples", []):
            wrong += [f"{path}: an example is not valid: {e.message[:200]}" for e in validator.evolve(schema=node).iter_errors(example)]
    return wrong, fields


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file, parse_float=no_real)
    jsonschema.Draft202012Validator.check_schema(schema)
    if len(sys.argv) == 2:
        wrong, fields = undescribed(schema)
        print("\n".join(wrong) or f"{fields} fields")
        sys.exit(bool(wrong) or not fields)
    with open(sys.argv[2], encoding="utf-8") as file:
        draft = json.load(file, parse_float=no_real)
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(draft), key=lambda e: list(e.absolute_path))
    for error in errors[:10]:
        print("/".join(map(str, error.absolute_path)), error.message[:200])
    sys.exit(bool(errors))


main()
