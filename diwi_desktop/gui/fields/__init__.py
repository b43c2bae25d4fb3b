"""Input widgets by the catalogue: one per type of field, with label, help, findings and one act per edit."""
