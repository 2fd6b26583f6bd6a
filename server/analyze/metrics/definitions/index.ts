/** Every metric the product ships, in the order of the reference page. One file each. */
import type { MetricDefinition } from '../definition.ts';
import { abnormalLabShare } from './abnormal-lab-share.ts';
import { admissions } from './admissions.ts';
import { alos } from './alos.ts';
import { bookingCancelShare } from './booking-cancel-share.ts';
import { bookingConversion } from './booking-conversion.ts';
import { bookingLeadTime } from './booking-lead-time.ts';
import { bookingRate } from './booking-rate.ts';
import { bookingWait } from './booking-wait.ts';
import { bookingWaitInSlot } from './booking-wait-in-slot.ts';
import { caseContact24h } from './case-contact-24h.ts';
import { caseOnTimeClose } from './case-on-time-close.ts';
import { caseReratingImproved } from './case-rerating-improved.ts';
import { casesOpened } from './cases-opened.ts';
import { checkupVisits } from './checkup-visits.ts';
import { complaintRate } from './complaint-rate.ts';
import { complaints } from './complaints.ts';
import { consumableShare } from './consumable-share.ts';
import { criticalResults } from './critical-results.ts';
import { dischargedBedDays } from './discharged-bed-days.ts';
import { discharges } from './discharges.ts';
import { distinctPatients } from './distinct-patients.ts';
import { drugShare } from './drug-share.ts';
import { emergencyVisits } from './emergency-visits.ts';
import { followUpAbnormalShare } from './follow-up-abnormal-share.ts';
import { followUpCoverage } from './follow-up-coverage.ts';
import { followUpOnTime } from './follow-up-on-time.ts';
import { inpatientChargeAverage } from './inpatient-charge-average.ts';
import { inpatientMortality } from './inpatient-mortality.ts';
import { mentions } from './mentions.ts';
import { messageReadShare } from './message-read-share.ts';
import { newPatientShare } from './new-patient-share.ts';
import { noShowRate } from './no-show-rate.ts';
import { nps } from './nps.ts';
import { outpatientChargeAverage } from './outpatient-charge-average.ts';
import { outpatientPerDischarge } from './outpatient-per-discharge.ts';
import { outpatientVisits } from './outpatient-visits.ts';
import { praise } from './praise.ts';
import { readmission30d } from './readmission-30d.ts';
import { revenue } from './revenue.ts';
import { reviewPositiveShare } from './review-positive-share.ts';
import { satisfactionMean } from './satisfaction-mean.ts';
import { satisfactionPercent } from './satisfaction-percent.ts';
import { satisfactionTopTwo } from './satisfaction-top-two.ts';
import { serviceIncomeShare } from './service-income-share.ts';
import { surgeryShare } from './surgery-share.ts';
import { surveyResponses } from './survey-responses.ts';
import { visitDuration } from './visit-duration.ts';
import { webVisits } from './web-visits.ts';

export const METRICS: readonly MetricDefinition[] = [
  outpatientVisits,
  emergencyVisits,
  checkupVisits,
  admissions,
  discharges,
  alos,
  dischargedBedDays,
  distinctPatients,
  newPatientShare,
  outpatientPerDischarge,
  visitDuration,
  revenue,
  outpatientChargeAverage,
  inpatientChargeAverage,
  drugShare,
  consumableShare,
  serviceIncomeShare,
  surgeryShare,
  readmission30d,
  inpatientMortality,
  abnormalLabShare,
  criticalResults,
  bookingRate,
  bookingWait,
  bookingWaitInSlot,
  bookingLeadTime,
  noShowRate,
  bookingCancelShare,
  surveyResponses,
  satisfactionMean,
  satisfactionPercent,
  satisfactionTopTwo,
  nps,
  complaints,
  complaintRate,
  praise,
  casesOpened,
  caseContact24h,
  caseOnTimeClose,
  caseReratingImproved,
  followUpCoverage,
  followUpOnTime,
  followUpAbnormalShare,
  messageReadShare,
  mentions,
  reviewPositiveShare,
  webVisits,
  bookingConversion,
];

const byId = new Map(METRICS.map((each) => [each.id, each]));
export const metricById = (id: string): MetricDefinition | undefined => byId.get(id);
