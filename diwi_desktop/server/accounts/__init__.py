"""Who signs in: accounts, sessions, devices, invitations and single sign-on."""
