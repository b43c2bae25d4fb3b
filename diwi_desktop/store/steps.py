"""The steps from one version of the store to the next; `schema.STEPS` lists them.

A step works on the tables as they were then and so says itself what they become, whatever the schema is today. It runs
in a transaction of the caller, with foreign keys on: a table goes after everything that points at it.
"""

from __future__ import annotations

from diwi_desktop.store.driver import Connection

_CHANGES_BY_NUMBER = """
CREATE TABLE old_change AS
    SELECT act_seq, row_number() OVER (PARTITION BY act_seq ORDER BY id) - 1 AS n,
           kind, entity, project, field, old, new, base_seq, after, server_seq, result
    FROM change;
CREATE TABLE old_act AS SELECT * FROM act;
DROP TABLE change;
DROP TABLE act;
CREATE TABLE act (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    part INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    undoes INTEGER REFERENCES act(seq),
    author TEXT NOT NULL,
    device TEXT NOT NULL,
    made_at TEXT NOT NULL,
    UNIQUE (id, part)
);
CREATE INDEX act_made_at ON act(made_at);
CREATE TABLE change (
    act_seq INTEGER NOT NULL REFERENCES act(seq),
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    project TEXT,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    base_seq INTEGER,
    after TEXT,
    server_seq INTEGER,
    result TEXT,
    PRIMARY KEY (act_seq, n)
) WITHOUT ROWID;
CREATE INDEX change_entity ON change(entity, field);
CREATE INDEX change_project ON change(project);
INSERT INTO act (seq, id, name, kind, undoes, author, device, made_at)
    SELECT seq, id, name, kind, undoes, author, device, made_at FROM old_act ORDER BY seq;
INSERT INTO change SELECT * FROM old_change ORDER BY act_seq, n;
DROP TABLE old_change;
DROP TABLE old_act
"""


def changes_by_number(connection: Connection) -> None:
    """From 1 to 2: a change is known by its act and its number in there; the id of an act may come back, in parts."""
    for statement in _CHANGES_BY_NUMBER.split(";"):
        connection.execute(statement)
