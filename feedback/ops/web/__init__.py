"""What stands between the web server and Django: bounds on what comes in, and no thread for whoever is slow."""
