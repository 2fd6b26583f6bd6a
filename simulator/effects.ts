/**
 * The planted effects: one place for their sizes, read by the code that plants them and written to truth/effects.json.
 * `docs/simulator.md` explains each; `simulator/truth/effects.test.ts` finds each again in the data.
 */
export const EFFECTS = {
  /** Complaints per visit on the emergency department's nights from Friday to Sunday, against its other shifts. */
  shiftComplaints: { department: 'EMER', weekdays: [5, 6, 0], shift: 'night', rateRatio: 4, baseRate: 0.008 },
  /** Median minutes from specimen to report, by bench; the immunology bench is the bottleneck. */
  labBottleneck: { bench: 'immunology', minutes: { haematology: 35, chemistry: 75, immunology: 205, urine: 30 } },
  /** Points (of 5) an inpatient's overall score falls where the night nurses are slow. */
  nightNursing: { points: -0.9, dimension: 'response', dimensionPoints: -1.3 },
  /** Odds ratios of leaving for good, chronic patients, logistic and without interaction. */
  loss: {
    baseLogit: -2.3,
    oddsRatios: { far: 1.8, selfPay: 1.6, notBound: 1.7, doctorLeft: 2.4, complaintUnanswered: 3 },
  },
  /** Points the overall score of one department rises when it changes its appointment rhythm at this share of the time. */
  improvement: { department: 'ORTH', at: 0.55, points: 0.8, waitMinutes: -14 },
  /** Demand nobody serves: share of paediatric searches about allergy, growing; no visit follows. */
  unmetDemand: { topic: 'child-allergy', searchShareFirst: 0.12, searchShareLast: 0.3 },
  /** Fasting glucose ≥ 6.1, BMI ≥ 24 and hypertension together, against everyone else aged 35 or more without diabetes. */
  diabetesRisk: { hazardRatio: 5, yearlyHazard: 0.03, ageMin: 35, fpg: 6.1, bmi: 24 },
  /** The surgeon who takes the hardest knees: same results as others at the same risk. */
  caseMix: { surgeon: 'ORTH01', complicationLow: 0.03, complicationHigh: 0.2, highRiskShare: 0.3, surgeonTakesHigh: 0.75, surgeonTakesLow: 0.12 },
} as const;
