"""Every write of the register: filling it, letting subscribers in, answering them."""
