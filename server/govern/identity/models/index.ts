/** Care of the identity model, as the rest of govern sees it. */
export { editionInUse, modelInUse, openModel } from './model-store.ts';
