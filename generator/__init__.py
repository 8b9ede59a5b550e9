"""The compiler of declarations: it reads the declared models and writes the lines of a project's files."""
