"""Coverage-guided fuzzing of what strangers' bytes reach: `python -m tests.fuzz stun -max_total_time=600`."""
