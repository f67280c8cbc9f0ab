"""How the site calls itself and looks: said by an administrator, looked at by day and by night, then shown."""
