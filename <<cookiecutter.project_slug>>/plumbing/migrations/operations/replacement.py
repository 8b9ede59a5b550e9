"""The SQL that replaces the values of a PostgreSQL enum.

PostgreSQL can add and rename the values of an enum, but cannot remove or move them.  So a new type
takes the place of the old one in every column.  Defaults, constraints and indexes that mention a
value would keep the old type: they are dropped before and created again after.

It is one statement, which finds on the server what uses the enum, so `upgrade --sql` can print it.
"""

from plumbing.enums import enum_sql, literal

ASIDE = "_replaced_enum"  # the name of the old type until it is dropped

REPLACE_ENUM = """
DECLARE
    name CONSTANT text := {name};
    old CONSTANT regtype := {name};
    arrays CONSTANT regtype := (SELECT typarray FROM pg_type WHERE oid = old);
    labels CONSTANT text[] := ARRAY[{values}]::text[];
    owner CONSTANT text := (SELECT pg_get_userbyid(typowner) FROM pg_type WHERE oid = old);
    description CONSTANT text := obj_description(old, 'pg_type');
    away text[];
    back text[];
    users text[];
    item record;
    stored text;
BEGIN
    -- Refuse to remove a value that a row has
    FOR item IN
        SELECT attrelid::regclass AS relation, attname, atttypid = arrays AS is_array
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE atttypid IN (old, arrays) AND relkind IN ('r', 'p')
            AND attinhcount = 0 AND NOT attisdropped
        ORDER BY 1, attnum
    LOOP
        EXECUTE format(
            'SELECT value FROM %s, unnest(%s) AS value WHERE value <> ALL ($1) LIMIT 1',
            item.relation,
            format(CASE WHEN item.is_array THEN '%I::text[]' ELSE 'ARRAY[%I::text]' END, item.attname)
        ) INTO stored USING labels;
        IF stored IS NOT NULL THEN
            RAISE EXCEPTION 'Column %.% still has the value %, which is removed from enum %.'
                ' Update these rows first, for example in this migration.',
                item.relation, quote_ident(item.attname), quote_literal(stored), name;
        END IF;
    END LOOP;

    -- Find what mentions a value, or compares columns that have the enum
    WITH columns AS (
        SELECT attrelid, attnum FROM pg_attribute
        WHERE atttypid IN (old, arrays) AND NOT attisdropped
    ), dependents AS (
        SELECT classid, objid FROM pg_depend
        WHERE refclassid = 'pg_type'::regclass AND refobjid IN (old, arrays)
        UNION
        SELECT classid, objid FROM pg_depend JOIN columns ON refobjid = attrelid AND refobjsubid = attnum
        WHERE refclassid = 'pg_class'::regclass
    ), expressions AS (
        SELECT
            adrelid::regclass AS relation, attname, attgenerated, attnotnull,
            pg_get_expr(adbin, adrelid) AS expression
        FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE (attgenerated = '' AND atttypid IN (old, arrays)) OR EXISTS (
            SELECT FROM dependents WHERE classid = 'pg_attrdef'::regclass AND objid = pg_attrdef.oid
        )
    ), found (place, label, drop_it, create_it) AS (
        SELECT
            CASE contype WHEN 'f' THEN 1 ELSE 2 END,
            format('constraint %I of %s', conname, conrelid::regclass),
            format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
            format(
                'ALTER TABLE %s ADD CONSTRAINT %I %s',
                conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid)
            )
        FROM pg_constraint
        WHERE contype IN ('c', 'f', 'x') AND conrelid <> 0 AND conparentid = 0 AND coninhcount = 0
            AND EXISTS (
                SELECT FROM dependents
                WHERE (classid, objid) = ('pg_constraint'::regclass, pg_constraint.oid)
                    OR (contype = 'x' AND (classid, objid) = ('pg_class'::regclass, conindid))
            )
        UNION ALL
        SELECT
            2,
            format('index %s', indexrelid::regclass),
            format('DROP INDEX %s', indexrelid::regclass),
            regexp_replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
        FROM dependents JOIN pg_index ON indexrelid = objid JOIN pg_class ON pg_class.oid = objid
        WHERE classid = 'pg_class'::regclass AND (indexprs IS NOT NULL OR indpred IS NOT NULL)
            AND NOT relispartition AND NOT EXISTS (
                SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'x'
            )
        UNION ALL
        SELECT
            3,
            format('default of %s.%I', relation, attname),
            format('ALTER TABLE ONLY %s ALTER COLUMN %I DROP DEFAULT', relation, attname),
            format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', relation, attname, expression)
        FROM expressions
        WHERE attgenerated = ''
        UNION ALL
        SELECT
            3,
            format('generated column %s.%I', relation, attname),
            format(
                'ALTER TABLE ONLY %s %s ALTER COLUMN %I SET EXPRESSION AS (NULL)', relation,
                format(CASE WHEN attnotnull THEN 'ALTER COLUMN %I DROP NOT NULL,' END, attname), attname
            ),
            format(
                'ALTER TABLE ONLY %s ALTER COLUMN %I SET EXPRESSION AS (%s) %s', relation, attname, expression,
                format(CASE WHEN attnotnull THEN ', ALTER COLUMN %I SET NOT NULL' END, attname)
            )
        FROM expressions
        WHERE attgenerated <> '' AND current_setting('server_version_num')::int >= 170000
    )
    SELECT
        array_agg(drop_it ORDER BY place, label),
        array_agg(create_it ORDER BY place DESC, label),
        array_agg(label ORDER BY place DESC, label)
    INTO away, back, users
    FROM found;

    FOR number IN 1 .. coalesce(array_length(away, 1), 0) LOOP
        EXECUTE away[number];
    END LOOP;

    ALTER TYPE {type} RENAME TO {aside};
    CREATE TYPE {type} AS ENUM ({values});
    EXECUTE format('ALTER TYPE %s OWNER TO %I', name, owner);
    EXECUTE format('COMMENT ON TYPE %s IS %L', name, description);
    FOR item IN
        SELECT attrelid::regclass AS relation, string_agg(
            format(
                'ALTER COLUMN %1$I TYPE %2$s%4$s USING %1$I::%3$s%4$s::%2$s%4$s',
                attname, name, 'text', CASE WHEN atttypid = arrays THEN '[]' END
            ), ', ' ORDER BY attnum
        ) AS columns
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE atttypid IN (old, arrays) AND relkind IN ('r', 'p')
            AND attinhcount = 0 AND NOT attisdropped
        GROUP BY attrelid
        ORDER BY 1
    LOOP
        EXECUTE format('ALTER TABLE %s %s', item.relation, item.columns);
    END LOOP;

    FOR number IN 1 .. coalesce(array_length(back, 1), 0) LOOP
        BEGIN
            EXECUTE back[number];
        EXCEPTION WHEN invalid_text_representation THEN
            RAISE EXCEPTION 'The % uses a value that is removed: %. Change it first.',
                users[number], SQLERRM;
        END;
    END LOOP;
    DROP TYPE {old};
END
"""


def replace_sql(schema: str | None, name: str, values: list[str]) -> str:
    """Return the statement that gives an enum these values, and no others."""
    body = REPLACE_ENUM.format(
        name=literal(enum_sql(schema, name)),
        type=enum_sql(schema, name),
        aside=ASIDE,
        old=enum_sql(schema, ASIDE),
        values=", ".join(literal(value) for value in values),
    )
    quote = "$enum$"
    while quote in body:
        quote = f"{quote[:-1]}_$"
    return f"DO {quote}{body}{quote}"
