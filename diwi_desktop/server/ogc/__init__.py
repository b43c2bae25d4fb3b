"""OGC API Features over the read-only views of one register at one level: pygeoapi, beside the server.

pygeoapi does the standard; ours is a provider that reads a view (`provider`), the configuration that names the views
(`configuration`) and a process that serves both (`python -m diwi_desktop.server.ogc`). It works under a database login
of its own that `diwi.let_read` has given one register and one level, so nothing above that can come out.
"""
