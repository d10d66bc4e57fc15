#!/usr/bin/env python3
"""Writes psi.json: runs of private intersection with every value on the way, byte by byte.

Made from the text of docs/protocol.md, "Private intersection", and of RFC 9496, RFC 8439 and RFC 7693, in plain Python,
sharing nothing with the program: python3 tests/vectors/psi/make.py
"""
import hashlib
import json
import os
import struct

# RFC 9496: numbers modulo P, the curve's d, points in extended coordinates, a = -1.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_M1 = pow(2, (P - 1) // 4, P)


def negative(x):
    return x % P & 1


def absolute(x):
    return -x % P if negative(x) else x % P


def root_of_ratio(u, v):
    """Whether u/v is a square, and its root, or that of ROOT_M1 * u/v."""
    r = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * ROOT_M1 % P):
        return check == -u % P, absolute(r * ROOT_M1)
    return check == u % P, absolute(r)


INVERSE_ROOT_A_D = root_of_ratio(1, (-1 - D) % P)[1]
# RFC 9496 fixes the sign of this root in its list of constants.
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
assert SQRT_AD_MINUS_ONE**2 % P == (-D - 1) % P
ONE_MINUS_D_SQ, D_MINUS_ONE_SQ = (1 - D * D) % P, (D - 1)**2 % P


def decode(data):
    s = int.from_bytes(data, "little")
    if s >= P or negative(s):
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, inverse = root_of_ratio(1, v * u2 * u2 % P)
    dx = inverse * u2 % P
    dy = inverse * dx * v % P
    x, y = absolute(2 * s * dx), u1 * dy % P
    return None if not square or negative(x * y) or y == 0 else (x, y, 1, x * y % P)


def encode(point):
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    inverse = root_of_ratio(1, u1 * u2 * u2 % P)[1]
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t % P
    if negative(t * z_inverse):
        x, y, den = y * ROOT_M1 % P, x * ROOT_M1 % P, den1 * INVERSE_ROOT_A_D % P
    else:
        den = den2
    if negative(x * z_inverse):
        y = -y % P
    return absolute(den * (z - y)).to_bytes(32, "little")


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(n, p):
    out = (0, 1, 1, 0)
    for bit in bin(n % ORDER)[2:]:
        out = add(out, out)
        if bit == "1":
            out = add(out, p)
    return out


def map_half(t):
    r = ROOT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    square, s = root_of_ratio(u, v)
    c = -1
    if not square:
        s, c = -absolute(s * t) % P, r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1, w2, w3 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P, (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def from_hash(data):
    halves = [int.from_bytes(data[i:i + 32], "little") % 2**255 % P for i in (0, 32)]
    return add(map_half(halves[0]), map_half(halves[1]))


G = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


def check_against_rfc():
    """Vectors of RFC 9496, A.1 and A.3."""
    assert encode(multiply(2, G)).hex() == "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"
    assert encode(multiply(15, G)).hex() == "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e"
    text = b"Ristretto is traditionally a short shot of espresso coffee"
    assert encode(from_hash(sha512(text))).hex() == "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"
    text = b"and is not a Ristretto as some believe."
    assert encode(from_hash(sha512(text))).hex() == "80bd07262511cdde4863f8a7434cef696750681cb9510eea557088f76d9e5065"


# What else the protocol takes.

def sha256(data):
    return hashlib.sha256(data).digest()


def sha512(data):
    return hashlib.sha512(data).digest()


def blake2b(key, data):
    return hashlib.blake2b(data, key=key, digest_size=32).digest()


def keystream(key, size):
    """ChaCha20 (RFC 8439) under the zero nonce, from block 0."""
    def rotate(x, n):
        return (x << n | x >> 32 - n) & 0xffffffff

    def quarter(s, a, b, c, d):
        for first, second, third, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[first] = s[first] + s[second] & 0xffffffff
            s[third] = rotate(s[third] ^ s[first], n)
    out = b""
    for counter in range((size + 63) // 64):
        start = list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key) + (counter, 0, 0, 0))
        s = start[:]
        for _ in range(10):
            for i in range(4):
                quarter(s, i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        out += struct.pack("<16I", *((a + b) & 0xffffffff for a, b in zip(s, start)))
    return out[:size]


def reduced(data):
    return int.from_bytes(data, "little") % ORDER


def scalar(n):
    return n.to_bytes(32, "little")


def u32(n):
    return struct.pack(">I", n)


class Side:
    def __init__(self, sid, party, seed, options, chosen):
        self.sid, self.party, self.options = sid, party.encode(), options
        flags = bytes(1 if i in chosen else 0 for i in range(len(options)))
        self.head = sid + bytes([len(self.party)]) + self.party
        root = blake2b(seed, b"lockstep psi secret v1\0" + self.head + sha256(flags))
        stream = keystream(root, 128)
        self.secret, self.nonce_key = reduced(stream[:64]), stream[64:96]
        keys = struct.unpack(f"<{len(options)}Q", keystream(stream[96:], 8 * len(options)))
        self.order = sorted(chosen, key=lambda i: keys[i] >> 1)
        self.public = encode(multiply(self.secret, G))
        self.points = [encode(multiply(self.secret, self.point(i))) for i in self.order]
        self.set = (b"lockstep psi set v1\0" + self.head + self.public + u32(len(self.points)) + b"".join(self.points))

    def point(self, i):
        return from_hash(sha512(b"lockstep psi v1\0" + self.sid + self.options[i].encode()))

    def give_back(self, other):
        output = [encode(multiply(self.secret, decode(p))) for p in other.points]
        count = u32(len(output))
        transcript = sha512(b"lockstep psi transcript v1\0" + self.head + self.public + other.public + count +
                            b"".join(other.points) + b"".join(output))
        stream = b"".join(sha512(b"lockstep psi weight v1\0" + transcript + u32(i))
                          for i in range((len(output) + 3) // 4))
        weights = [int.from_bytes(stream[16 * i:16 * i + 16], "little") for i in range(len(output))]
        sums = []
        for points in (other.points, output):
            total = (0, 1, 1, 0)
            for weight, point in zip(weights, points):
                total = add(total, multiply(weight, decode(point)))
            sums.append(total)
        nonce = reduced(sha512(b"lockstep psi nonce v1\0" + self.nonce_key + transcript))
        challenge = reduced(sha512(b"lockstep psi challenge v1\0" + transcript + encode(sums[0]) + encode(sums[1]) +
                                   encode(multiply(nonce, G)) + encode(multiply(nonce, sums[0]))))
        response = (nonce + challenge * self.secret) % ORDER
        self.returned = output
        return (b"lockstep psi return v1\0" + self.head + count + b"".join(output) + scalar(challenge) +
                scalar(response))

    def rank(self, seed, ranking):
        ranked = b"".join(u32(i) for i in ranking)
        salt = blake2b(seed, b"lockstep psi salt v1\0" + sha512(self.head + ranked))
        return b"lockstep psi ranking v1\0" + self.head + salt + u32(len(ranking)) + ranked


def choose(rule, common, first, second):
    """The option, and all that are as good."""
    ranks = {i: (first.index(i), second.index(i)) for i in common}
    cost = {"earliest": lambda i: i, "borda": lambda i: sum(ranks[i]),
            "least-regret": lambda i: (max(ranks[i]), sum(ranks[i]))}[rule]
    least = min(cost(i) for i in common)
    tied = [i for i in sorted(common) if cost(i) == least]
    return {"rule": rule, "option": tied[0], "tied": tied}


def canonical(option):
    return json.dumps(option, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def run(label, count, chosen, parties):
    sid = sha256(f"{label} sid".encode())
    seeds = [sha256(f"{label} seed {party}".encode()) for party in parties]
    options = []
    for i in range(count):
        option = {"date": f"2019-02-{1 + i % 28:02}", "place": ("Hanoi", "Đà Nẵng", "판문점")[i // 28 % 3]}
        if i % 5 == 4 and i % 28 < 26:
            option["until"] = f"2019-02-{2 + i % 28 + i % 2:02}"
        options.append(option)
    document = canonical({"options": options})
    texts = [canonical(option) for option in options]
    sides = [Side(sid, parties[k], seeds[k], texts, chosen[k]) for k in (0, 1)]
    back = [sides[0].give_back(sides[1]), sides[1].give_back(sides[0])]
    common = sorted(set(chosen[0]) & set(chosen[1]))
    # As each side finds them.
    for k in (0, 1):
        found = [o for o, p in zip(sides[k].order, sides[1 - k].returned) if p in sides[k].returned]
        assert sorted(found) == common
    rankings = [sorted(common, key=lambda i, k=k: sha256(u32(k) + u32(i))) for k in (0, 1)]
    out = {"name": label, "sid": sid.hex(), "options": document, "texts": texts, "common": common, "sides": []}
    for k in (0, 1):
        side = {"party": parties[k], "seed": seeds[k].hex(), "chosen": chosen[k], "secret": scalar(sides[k].secret).hex(),
                "public": sides[k].public.hex(), "order": sides[k].order, "set": sides[k].set.hex(),
                "commitment": sha256(sides[k].set).hex(), "return": back[k].hex()}
        if common:
            message = sides[k].rank(seeds[k], rankings[k])
            side.update(ranking=rankings[k], ranking_message=message.hex(), ranking_commitment=sha256(message).hex())
        out["sides"].append(side)
    rules = ("earliest", "borda", "least-regret")
    out["choices"] = [choose(rule, common, *rankings) for rule in rules] if common else []
    return out


def main():
    check_against_rfc()
    runs = [run("one", 1, [[0], [0]], ["usa", "dprk"]),
            run("nothing in common", 4, [[0, 1], [2, 3]], ["usa", "dprk"]),
            run("some", 17, [[0, 2, 3, 5, 8, 9, 13, 16], [1, 2, 3, 4, 9, 13, 14, 15, 16]], ["usa", "dprk"]),
            run("many", 60, [list(range(0, 60, 2)), list(range(0, 60, 3))], ["a", "b" * 63])]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "psi.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"runs": runs}, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
