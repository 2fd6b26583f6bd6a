/** Names of the resource types of FHIR R4 (4.0.1), and the elements a resource must have to be of any use. */

const NAMES =
  'Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary ' +
  'BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ' +
  'ClaimResponse ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition Composition ConceptMap Condition ' +
  'Consent Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric ' +
  'DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint ' +
  'EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit ' +
  'FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization ImmunizationEvaluation ' +
  'ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media Medication ' +
  'MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement MedicinalProduct ' +
  'MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient ' +
  'MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical ' +
  'MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder Observation ' +
  'ObservationDefinition OperationDefinition OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice ' +
  'PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse ' +
  'RelatedPerson RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment ' +
  'RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap ' +
  'Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial ' +
  'SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet VerificationResult ' +
  'VisionPrescription';
export const R4_TYPES: ReadonlySet<string> = new Set(NAMES.split(' '));

/** `text`: a string; `object`: one element with parts; `list`: at least one; a name ending in `[x]` may have any of its types. */
type Kind = 'text' | 'object' | 'list' | 'any';
export const REQUIRED: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  AllergyIntolerance: { patient: 'object' },
  Appointment: { status: 'text', participant: 'list' },
  CarePlan: { status: 'text', intent: 'text', subject: 'object' },
  ChargeItem: { status: 'text', code: 'object', subject: 'object' },
  Claim: { status: 'text', type: 'object', use: 'text', patient: 'object', created: 'text' },
  Condition: { subject: 'object' },
  Coverage: { status: 'text', beneficiary: 'object' },
  DiagnosticReport: { status: 'text', code: 'object' },
  DocumentReference: { status: 'text', content: 'list' },
  Encounter: { status: 'text', class: 'object' },
  ExplanationOfBenefit: { status: 'text', type: 'object', use: 'text', patient: 'object', created: 'text' },
  Goal: { lifecycleStatus: 'text', description: 'object', subject: 'object' },
  ImagingStudy: { status: 'text', subject: 'object' },
  Immunization: { status: 'text', vaccineCode: 'object', patient: 'object', 'occurrence[x]': 'any' },
  MedicationAdministration: { status: 'text', 'medication[x]': 'object', subject: 'object', 'effective[x]': 'any' },
  MedicationDispense: { status: 'text', 'medication[x]': 'object' },
  MedicationRequest: { status: 'text', intent: 'text', 'medication[x]': 'object', subject: 'object' },
  MedicationStatement: { status: 'text', 'medication[x]': 'object', subject: 'object' },
  Observation: { status: 'text', code: 'object' },
  Procedure: { status: 'text', subject: 'object' },
  QuestionnaireResponse: { status: 'text' },
  ServiceRequest: { status: 'text', intent: 'text', subject: 'object' },
};
