"""Ed25519 (RFC 8032, section 5.1) in plain Python, for tests that owe nothing to the program."""
import functools
import hashlib


P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point_x(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P:
        raise ValueError("not a point of the curve")
    return P - x if x % 2 != sign else x


def extended(x, y):
    return x, y, 1, x * y % P


def add(a, b):
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


@functools.lru_cache(maxsize=256)
def doublings(a):
    """a, 2a, 4a and so on: the same few keys come again and again."""
    points = [a]
    while len(points) < 256:
        points.append(add(points[-1], points[-1]))
    return points


def multiply(n, a):
    result = (0, 1, 1, 0)
    for i, point in enumerate(doublings(a)):
        result = add(result, point) if n >> i & 1 else result
    return result


BASE = extended(point_x(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def encode_point(a):
    inverse = pow(a[2], -1, P)
    return (a[1] * inverse % P | (a[0] * inverse % P & 1) << 255).to_bytes(32, "little")


@functools.lru_cache(maxsize=256)
def decode_point(raw):
    n = int.from_bytes(raw, "little")
    y = n & (1 << 255) - 1
    if y >= P:
        raise ValueError("not a canonical point")
    return extended(point_x(y, n >> 255), y)


def ed25519_valid(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    point = decode_point(key)
    negative = (P - point[0], point[1], 1, P - point[3])
    return s < ORDER and encode_point(add(multiply(s, BASE), multiply(h, negative))) == signature[:32]


@functools.lru_cache(maxsize=256)
def ed25519_public(seed):
    n = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return encode_point(multiply(n & (1 << 254) - 8 | 1 << 254, BASE))


def _secret(seed):
    h = hashlib.sha512(seed).digest()
    return int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254, h[32:]


def ed25519_sign(seed, message):
    a, prefix = _secret(seed)
    public = ed25519_public(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % ORDER
    point = encode_point(multiply(r, BASE))
    h = int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % ORDER
    return point + ((r + h * a) % ORDER).to_bytes(32, "little")
