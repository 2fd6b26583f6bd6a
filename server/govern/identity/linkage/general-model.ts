/** The model a new installation begins with, until the hospital has trained its own. */
import type { LinkModel } from './link-model.ts';

/** Rates to begin with: DOMAIN B13. */
export const generalModel: LinkModel = {
  format: 'xinglin-link-model@1',
  edition: 'general@1',
  trainedOn: { what: 'start values', records: 0, people: 0, rounds: 0 },
  prior: -20,
  fields: {
    surname: {
      same: { m: 0.97, u: 0.03 },
      'same-sound': { m: 0.015, u: 0.01 },
      'look-alike': { m: 0.003, u: 0.001 },
      similar: { m: 0.002, u: 0.01 },
      exchanged: { m: 0.004, u: 0.0001 },
      'short-form': { m: 0.001, u: 0.001 },
      different: { m: 0.005, u: 0.95 },
    },
    'given-name': {
      same: { m: 0.95, u: 0.001 },
      'same-sound': { m: 0.02, u: 0.002 },
      'look-alike': { m: 0.012, u: 0.0005 },
      similar: { m: 0.004, u: 0.002 },
      exchanged: { m: 0.002, u: 0.0001 },
      'short-form': { m: 0.004, u: 0.002 },
      different: { m: 0.008, u: 0.99 },
    },
    'birth-date': {
      same: { m: 0.98, u: 3e-5 },
      slip: { m: 0.01, u: 4e-4 },
      'two-parts': { m: 0.004, u: 3e-3 },
      'day-and-month': { m: 0.001, u: 2.5e-3 },
      year: { m: 0.001, u: 0.01 },
      different: { m: 0.004, u: 0.98 },
    },
    sex: { same: { m: 0.99, u: 0.5 }, different: { m: 0.01, u: 0.5 } },
    'id-number': { same: { m: 0.995, u: 1e-8 }, slip: { m: 0.003, u: 1e-6 }, 'two-slips': { m: 0.001, u: 1e-3 }, different: { m: 0.001, u: 0.999 } },
    document: { same: { m: 0.98, u: 1e-8 }, different: { m: 0.02, u: 1 } },
    mrn: { same: { m: 0.95, u: 1e-8 }, different: { m: 0.05, u: 1 } },
    insurance: { same: { m: 0.97, u: 1e-7 }, different: { m: 0.03, u: 1 } },
    phone: { same: { m: 0.75, u: 1e-6 }, slip: { m: 0.02, u: 1e-5 }, 'two-slips': { m: 0.03, u: 0.02 }, different: { m: 0.2, u: 0.98 } },
    address: {
      same: { m: 0.6, u: 1e-5 },
      slip: { m: 0.05, u: 1e-5 },
      similar: { m: 0.05, u: 1e-4 },
      exchanged: { m: 0.001, u: 1e-4 },
      district: { m: 0.15, u: 0.12 },
      different: { m: 0.15, u: 0.88 },
    },
  },
  shares: {},
  thresholds: { match: 0.99, review: 0.5 },
};
