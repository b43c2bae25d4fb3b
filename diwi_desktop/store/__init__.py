"""The local SpatiaLite store: schema, the one way in, and the queries that are the one way out."""
