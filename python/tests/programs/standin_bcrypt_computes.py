# total 250ms
# with stand_in bcrypt
import bcrypt

bcrypt.hashpw(b"secret", b"salt")
