"""How the site calls itself and looks: name, description, colour, logo."""
