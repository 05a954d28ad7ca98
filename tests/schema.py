#!/usr/bin/python3
"""schema: validates a draft (argv[2]) against the schema (argv[1]); also what a schema cannot say: no reals anywhere."""
import json
import sys

import jsonschema


def no_real(text):
    raise SystemExit(f"a real number in the draft: {text}")


schema = json.load(open(sys.argv[1]))
draft = json.load(open(sys.argv[2]), parse_float=no_real)
jsonschema.Draft202012Validator.check_schema(schema)
errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(draft), key=lambda e: list(e.absolute_path))
for error in errors[:10]:
    print("/".join(map(str, error.absolute_path)), error.message[:200])
sys.exit(bool(errors))
