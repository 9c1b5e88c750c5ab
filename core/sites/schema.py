"""The JSON schema of a site profile, for editors and for those who write one."""

import inspect
from typing import Any

import msgspec

from core.sites.profile import SiteProfile

NAME = "https://json-schema.org/draft/2020-12/schema"


def profile_schema() -> dict[str, Any]:
    """A JSON schema every profile file fits; docstrings are its descriptions."""
    schema = msgspec.json.schema(SiteProfile)
    profile = schema["$defs"]["SiteProfile"]
    profile["properties"]["extends"] = {
        "type": "string",
        "description": "The profile this one is laid over; what it requires may then be left out here.",
    }
    # What a profile extends brings what is required, so a file that extends needs none of it.
    required = profile.pop("required", [])
    profile["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    for table in schema["$defs"].values():
        if "description" in table:
            table["description"] = inspect.cleandoc(table["description"]).replace("``", "`")
    return {"$schema": NAME, "title": "A site profile of novelgen-tui", **schema}
