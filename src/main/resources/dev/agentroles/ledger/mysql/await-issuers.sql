-- Nobody to wait for: whoever makes a login asks again whether it may, when the login is there.
DO 0
