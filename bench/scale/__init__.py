"""What a job costs from one machine to a thousand million pages: measured where it can be, simulated beyond."""
