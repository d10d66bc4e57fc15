/*
 * T. Vincenty, Direct and inverse solutions of geodesics on the ellipsoid with application of nested equations, Survey
 * Review XXIII 176 (1975): another way to distances than the library's, good to some tenths of a millimetre where two
 * places are not nearly opposite each other.
 */
#ifndef TESTS_VINCENTY_H
#define TESTS_VINCENTY_H

#include <math.h>
#include <stdbool.h>

#define VINCENTY_ROUNDS 200

/* Degrees; metres on WGS84. False if it does not converge. */
static bool vincenty(double lat1, double lon1, double lat2, double lon2, double *metres)
{
    const double a = 6378137, f = 1 / 298.257223563, b = a * (1 - f), radians = M_PI / 180;
    double u1 = atan((1 - f) * tan(lat1 * radians)), u2 = atan((1 - f) * tan(lat2 * radians));
    double l = remainder(lon2 - lon1, 360) * radians, lambda = l, before = 0;
    double sin_s = 0, cos_s = 1, s = 0, cos2_a = 0, cos_2m = 0;
    for (int i = 0; i < VINCENTY_ROUNDS; i++) {
        sin_s = hypot(cos(u2) * sin(lambda), cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lambda));
        cos_s = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lambda);
        s = atan2(sin_s, cos_s);
        if (sin_s == 0) {
            *metres = 0;
            return cos_s > 0;
        }
        double sin_a = cos(u1) * cos(u2) * sin(lambda) / sin_s;
        cos2_a = 1 - sin_a * sin_a;
        cos_2m = cos2_a == 0 ? 0 : cos_s - 2 * sin(u1) * sin(u2) / cos2_a;
        double c = f / 16 * cos2_a * (4 + f * (4 - 3 * cos2_a));
        before = lambda;
        lambda = l + (1 - c) * f * sin_a * (s + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m * cos_2m - 1)));
        if (fabs(lambda - before) < 1e-13) {
            double u = cos2_a * (a * a - b * b) / (b * b);
            double big_a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)));
            double big_b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
            double d = big_b * sin_s *
                       (cos_2m + big_b / 4 *
                                     (cos_s * (2 * cos_2m * cos_2m - 1) -
                                      big_b / 6 * cos_2m * (4 * sin_s * sin_s - 3) * (4 * cos_2m * cos_2m - 3)));
            *metres = b * big_a * (s - d);
            return true;
        }
    }
    return false;
}

#endif
