"""How much a room may hold, and how fast it may change; every number with its reason."""

KB = 1024

# A room holds 300 kB at most (a view, a round, a thousand answers), so all of them 60 MB.
ROOMS = 200  # a department that lectures at the same hour
OPENINGS_PER_ADDRESS = 20  # at once; then one more every three minutes
OPENING_EVERY_S = 180
FOLLOWERS = 1000  # in one room: the largest lecture halls; as many answers a round
FOLLOWERS_PER_ADDRESS = 800  # a hall often is one address, but one machine must not fill a room
STREAMS = 2000  # in one process: each is a connection with 64 kB to be written

VIEW_BYTES = 8 * KB  # the longest address that proxies pass on
ROUND_BYTES = 64 * KB  # a question with its truth, in every language
ANSWER_BYTES = KB
VIEWS_A_SECOND = 10  # a hand looks smooth, and 200 followers take a fifth of a CPU
VIEWS_AT_ONCE = 5  # what a late network brings together
CHANGES_A_SECOND = 2  # questions and pauses: a person does not press faster
CHANGES_AT_ONCE = 10
ANSWERS_WITHOUT_STREAM = 8  # of an address, for whoever has just put the page aside
DIFFERENT_ANSWERS = 100  # in a tally: more bars nobody reads

FORGOTTEN_S = 6 * 3600  # after the lecturer last changed something: longer than any lecture
IDLE_S = 3600  # after this a room makes way for a new one, when there are too many
COMMENT_S = 15  # proxies cut a silent connection after 30 s or more
STALLED_S = 30  # a follower who has not read for so long has left
SOON_S = 0.5  # counts change at most this often: everybody gets every change

WRONG_CODES = 30  # different ones, from one address a minute; a code is one of 10^12
WRONG_CODES_S = 60
ADDRESSES = 4096  # whose wrong codes are remembered
