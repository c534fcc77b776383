"""Checks every line of a file of events: validate.py SCHEMA EVENTS."""
import json
import sys

import jsonschema

with open(sys.argv[1], "rb") as file:
    validator = jsonschema.Draft202012Validator(json.load(file),
                                                format_checker=jsonschema.FormatChecker())
with open(sys.argv[2], "rb") as file:
    for line in file:
        validator.validate(json.loads(line))
