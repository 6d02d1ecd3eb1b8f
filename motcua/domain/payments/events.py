"""Names of the facts that payments announce; each carries {"bill": id, "amount": đồng} in its data."""

ASKED = "bill.ask"
PAID = "bill.paid"
VOIDED = "bill.void"
