"""Reception: who is asked for, messages, telephone calls, and visitors."""
