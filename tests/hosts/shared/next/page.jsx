import { Payment } from './payment.jsx';

export default async function Page({ searchParams }) {
  const { lang = 'en' } = await searchParams;
  return <Payment lang={lang} />;
}
