"""What makes a catalogue good beyond being valid: rules with ids, each finding with file, line and remedy."""
