"""Changes and acts: how they are made, merged and undone. Pure: no files, no database, no screen."""
