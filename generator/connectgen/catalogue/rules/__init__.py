"""What must hold in a catalogue beyond its schemas: one module a subject, each rule a small function with an id."""
