"""What a feature does, one noun a file: called by handlers when somebody asks and by jobs when it is time."""
