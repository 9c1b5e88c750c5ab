"""Where a project keeps what is not the author's; by itself, so that whoever only looks for a run loads no store."""

FOLDER = ".novelgen"
