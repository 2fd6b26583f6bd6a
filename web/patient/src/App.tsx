import { InboxPage } from './InboxPage.tsx';
import { placeOf } from './places.ts';
import { SurveyPage } from './SurveyPage.tsx';

/** Three addresses: a survey link, an inbox link, and the inbox itself. */
export function App() {
  const place = placeOf(location.pathname);
  return place.page === 'survey' ? <SurveyPage token={place.token} /> : <InboxPage token={place.page === 'link' ? place.token : null} />;
}
