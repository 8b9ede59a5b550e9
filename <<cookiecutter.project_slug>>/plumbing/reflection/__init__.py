"""Prints the declaration of a database that exists: what `python db_manage.py reflect` does.

The modules of this package:

    reading        reflect(), which does all of it
    source         opens a database, or runs a file of SQL into a throw-away one
    script         splits and runs SQL as pg_dump and people write it
    catalogue      reads the catalogue of PostgreSQL
    expressions    reads the expressions that PostgreSQL prints
    types          the type of the declaration that is nearest
    defaults       the default of the declaration
    names          names that the declaration accepts
    models         models and fields
    building       makes models of tables, references and links of foreign keys
    keys           makes a model and its id
    columns        makes fields of the other columns
    constraints    makes flags and groups of constraints and indexes
    notes          says what else a table has
    relations      circles, other sides, the order and the common key
    text           writes the declaration
"""
