"""The client side of synchronisation. No screen, no Qt; nothing here is meant for the window's own thread.

What a window needs:

- `status.look(store)` -> `Status`: the state in words with counts: `state` (a `State`: NOT_CONNECTED, UP_TO_DATE,
  WAITING, BUSY, OFFLINE, SIGN_IN, CONFLICTS, NOT_ACCEPTED, PROBLEM, LEASE_ENDED), `words(language)`, `waiting`,
  `conflicts`, `not_accepted`, `files`, `done` of `total`, `last_full_at`, `offline_since`, `problem`.
- `agent.Agent(store, make_runner)` synchronises on a thread of its own: every few minutes, soon after an act, and at
  once by `sync_now()`. `cancel()`, `close()`, `status`, and `subscribe(listener)`: a `Status` whenever it changes.
- `runner.Runner(store, server)`: `run(progress, cancelled)` is one synchronisation on the caller's thread -> `Outcome`.
- `store.inbox`: `conflicts(store)` and `not_accepted(store)` -> `Item`s (kind, entity, project, field, base, mine,
  theirs, theirs_author, theirs_at, act_name, made_at, reason(language), superseded); `settle(store, ids, MINE)`,
  `settle(store, {id: MINE | THEIRS | Value(v)})` is one act that can be undone; `retry`, `dismiss`, `reopen`.
- `documents`: `attach`, `open_copy`, `remove`, `pin`, `state_of`.
- `connect.connect(...)` (first push of a whole store), `clone.clone(...)` (a new store from the server),
  `encryption.encrypt(path, ...)`.
"""
