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
    known_at TEXT NOT NULL,
    UNIQUE (id, part)
);
CREATE INDEX act_known_at ON act(known_at);
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
CREATE INDEX change_waiting ON change(act_seq) WHERE server_seq IS NULL AND result IS NULL;
INSERT INTO act (seq, id, name, kind, undoes, author, device, made_at, known_at)
    SELECT seq, id, name, kind, undoes, author, device, made_at, made_at FROM old_act ORDER BY seq;
INSERT INTO change SELECT * FROM old_change ORDER BY act_seq, n;
DROP TABLE old_change;
DROP TABLE old_act
"""

# Groups as owners, documents, and what the synchronisation keeps.
_TOGETHER = """
CREATE TABLE user_group (id TEXT NOT NULL PRIMARY KEY, name TEXT, note TEXT, deleted_at TEXT, seq_from INTEGER
    NOT NULL);
CREATE TABLE user_group_past (id TEXT NOT NULL, name TEXT, note TEXT, deleted_at TEXT, seq_from INTEGER NOT
    NULL, seq_to INTEGER NOT NULL, PRIMARY KEY (id, seq_from)) WITHOUT ROWID;
CREATE TABLE group_member (id TEXT NOT NULL PRIMARY KEY, user_group_id TEXT, person TEXT, deleted_at TEXT,
    seq_from INTEGER NOT NULL);
CREATE TABLE group_member_past (id TEXT NOT NULL, user_group_id TEXT, person TEXT, deleted_at TEXT, seq_from
    INTEGER NOT NULL, seq_to INTEGER NOT NULL, PRIMARY KEY (id, seq_from)) WITHOUT ROWID;
CREATE INDEX group_member_parent ON group_member(user_group_id);
CREATE INDEX group_member_past_parent ON group_member_past(user_group_id);
CREATE TABLE document (id TEXT NOT NULL PRIMARY KEY, project_id TEXT, name TEXT, kind TEXT, date TEXT,
    confidentiality TEXT, note TEXT, sha256 TEXT, size INTEGER, media_type TEXT, deleted_at TEXT, seq_from
    INTEGER NOT NULL);
CREATE TABLE document_past (id TEXT NOT NULL, project_id TEXT, name TEXT, kind TEXT, date TEXT, confidentiality
    TEXT, note TEXT, sha256 TEXT, size INTEGER, media_type TEXT, deleted_at TEXT, seq_from INTEGER NOT NULL,
    seq_to INTEGER NOT NULL, PRIMARY KEY (id, seq_from)) WITHOUT ROWID;
CREATE INDEX document_parent ON document(project_id);
CREATE INDEX document_past_parent ON document_past(project_id);
ALTER TABLE writer RENAME TO old_writer;
DROP INDEX writer_parent;
CREATE TABLE writer (id TEXT NOT NULL PRIMARY KEY, project_id TEXT, person TEXT, user_group TEXT, deleted_at
    TEXT, seq_from INTEGER NOT NULL);
INSERT INTO writer (id, project_id, person, deleted_at, seq_from) SELECT id, project_id, person, deleted_at,
    seq_from FROM old_writer ORDER BY id, seq_from;
DROP TABLE old_writer;
CREATE INDEX writer_parent ON writer(project_id);
ALTER TABLE writer_past RENAME TO old_writer_past;
DROP INDEX writer_past_parent;
CREATE TABLE writer_past (id TEXT NOT NULL, project_id TEXT, person TEXT, user_group TEXT, deleted_at TEXT,
    seq_from INTEGER NOT NULL, seq_to INTEGER NOT NULL, PRIMARY KEY (id, seq_from)) WITHOUT ROWID;
INSERT INTO writer_past (id, project_id, person, deleted_at, seq_from, seq_to) SELECT id, project_id, person,
    deleted_at, seq_from, seq_to FROM old_writer_past ORDER BY id, seq_from;
DROP TABLE old_writer_past;
CREATE INDEX writer_past_parent ON writer_past(project_id);
DROP TABLE device;
CREATE TABLE sync (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sync_entity (
    entity TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sync_entity_scope ON sync_entity(scope);
CREATE TABLE incoming (page INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE inbox (
    act TEXT NOT NULL,
    n INTEGER NOT NULL,
    result TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    project TEXT,
    field TEXT NOT NULL,
    base TEXT,
    mine TEXT,
    theirs TEXT,
    theirs_author TEXT NOT NULL,
    theirs_at TEXT NOT NULL,
    head_seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    nl TEXT NOT NULL,
    en TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    settled_at TEXT,
    settled_by TEXT,
    PRIMARY KEY (act, n)
) WITHOUT ROWID;
CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    since TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE blob_part (
    sha256 TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (sha256, at)
)
"""


def working_together(connection: Connection) -> None:
    """From 1 to 2: a change is known by its act and its number in there; the id of an act may come back, in parts."""
    for statement in (_CHANGES_BY_NUMBER + ";" + _TOGETHER).split(";"):
        connection.execute(statement)
