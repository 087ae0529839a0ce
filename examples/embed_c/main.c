/* powerstroke in a C code: a gas that owns its momenta, first as one array a component, then as an
 * array of vectors; both give the same bits. Then a whole run from a config, and what it found. */
#include <float.h>
#include <math.h>
#include <powerstroke.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { particles = 10000, steps = 100 };

static int complain(const char* what) {
  fprintf(stderr, "%s: %s\n", what, powerstroke_error());
  return 1;
}

/* Momenta that are anything but an equilibrium: a small generator of the host code's own. */
static double some_number(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 33) / 4294967296.0 - 0.5;
}

static double energy_of(const double* x, const double* y, const double* z) {
  double sum = 0.0;
  for (int i = 0; i < particles; ++i) sum += 0.5 * (x[i] * x[i] + y[i] * y[i] + z[i] * z[i]);
  return sum;
}

/* Strokes in balance with a bath at temperature 1, in place of a thermostat. */
static int stroke_a_gas(void) {
  const char* strokes_json =
      "{\"transitions\": [{\"delta_e\": 1.0, \"rate_down\": 1.0}], \"balance\": \"thermal\", "
      "\"temperature\": 1.0,"
      " \"rates\": \"microreversible\"}";
  static double x[particles], y[particles], z[particles], vectors[4 * particles];
  uint64_t state = 2026;
  for (int i = 0; i < particles; ++i) {
    vectors[4 * i] = x[i] = 6.0 * some_number(&state);
    vectors[4 * i + 1] = y[i] = 6.0 * some_number(&state);
    vectors[4 * i + 2] = z[i] = 6.0 * some_number(&state);
  }
  double* const components[3] = {x, y, z};

  powerstroke_strokes *separate = NULL, *together = NULL;
  if (powerstroke_strokes_new(strokes_json, particles, 3, 1.0, 7, &separate) != POWERSTROKE_OK ||
      powerstroke_strokes_new(strokes_json, particles, 3, 1.0, 7, &together) != POWERSTROKE_OK)
    return complain("strokes");

  const double before = energy_of(x, y, z);
  for (int step = 0; step < steps; ++step) {
    if (powerstroke_strokes_soa(separate, components, particles, 0, 0.1) != POWERSTROKE_OK ||
        powerstroke_strokes_aos(together, vectors, particles, 4, 0, 0.1) != POWERSTROKE_OK)
      return complain("a step");
  }
  const double change = energy_of(x, y, z) - before;

  powerstroke_ledger ledger;
  double booked = 0.0;
  if (powerstroke_strokes_ledger(separate, &ledger) != POWERSTROKE_OK ||
      powerstroke_strokes_energy(separate, &booked) != POWERSTROKE_OK)
    return complain("the ledger");
  printf("mean energy              %.4f -> %.4f (Maxwell-Boltzmann at T = 1: 1.5)\n",
         before / particles, (before + change) / particles);
  printf("uptakes, releases        %llu, %llu\n", (unsigned long long)ledger.uptakes,
         (unsigned long long)ledger.releases);
  printf("energy change - ledger   %.3g\n", change - booked);

  int same = 1;
  for (int i = 0; i < particles; ++i)
    same = same && memcmp(&x[i], &vectors[4 * i], sizeof(double)) == 0 &&
           memcmp(&y[i], &vectors[4 * i + 1], sizeof(double)) == 0 &&
           memcmp(&z[i], &vectors[4 * i + 2], sizeof(double)) == 0;
  printf("both layouts             %s\n", same ? "the same bits" : "DIFFERENT BITS");
  powerstroke_strokes_free(separate);
  powerstroke_strokes_free(together);
  /* What rounding may do: a few units in the last place a particle and step, and the two sums. */
  return same && ledger.uptakes > 0 &&
                 fabs(change - booked) <= DBL_EPSILON * before * (16.0 * steps + 2.0 * particles)
             ? 0
             : 1;
}

static char* text_of(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char* text = calloc(1, 1 << 20);
  if (text != NULL && fread(text, 1, (1 << 20) - 1, file) == 0) text[0] = '\0';
  fclose(file);
  return text;
}

static int on_progress(double fraction, uint64_t strokes, void* user) {
  (void)strokes;
  *(double*)user = fraction;
  return 0; /* anything else would stop the run */
}

/* A run of a config, its series, its verdict, its result folder. */
static int run_a_config(const char* path, const char* folder) {
  char* config = text_of(path);
  if (config == NULL) {
    fprintf(stderr, "cannot read %s\n", path);
    return 1;
  }
  double reached = 0.0;
  powerstroke_result* result = NULL;
  const powerstroke_status status = powerstroke_run(config, on_progress, &reached, &result);
  free(config);
  if (status != POWERSTROKE_OK) return complain(path);

  const double *t, *entropy, *exact;
  size_t shape[2];
  const char *verdict, *why;
  if (powerstroke_result_doubles(result, "series/t", &t, shape) != POWERSTROKE_OK ||
      powerstroke_result_doubles(result, "series/S_1", &entropy, shape) != POWERSTROKE_OK ||
      powerstroke_result_doubles(result, "solution/S_1", &exact, shape) != POWERSTROKE_OK ||
      powerstroke_result_text(result, "comparison/verdict", 0, &verdict) != POWERSTROKE_OK ||
      powerstroke_result_text(result, "comparison/why", 0, &why) != POWERSTROKE_OK)
    return complain("the result");
  const size_t last = shape[0] - 1;
  printf("S_1 at t = %-13g %.5f; by the master equation %.5f\n", t[last], entropy[last],
         exact[last]);
  printf("verdict                  %s: %s\n", verdict, why);
  const int fine = reached == 1.0 && strcmp(verdict, "consistent") == 0;
  if (powerstroke_result_write(result, folder, 1) != POWERSTROKE_OK) return complain(folder);
  printf("result                   %s/report.html\n", folder);
  powerstroke_result_free(result);
  return fine ? 0 : 1;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s CONFIG FOLDER\n", argv[0]);
    return 2;
  }
  const int strokes = stroke_a_gas();
  const int run = run_a_config(argv[1], argv[2]);
  return strokes != 0 || run != 0;
}
