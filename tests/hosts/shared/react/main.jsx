import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { PaymentForm } from 'payment-form/react';
import { Payment } from './Snippet.jsx';
import { authorization, hear, invoices, isSnippet, paid, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';

function App() {
  const [isShown, show] = useState(true);
  return (
    <>
      {isShown && (
        <PaymentForm
          customerId={655080}
          resolveEndpoint="/v1/payments/resolve"
          invoices={invoices}
          paymentMethods={paymentMethods}
          authorization={authorization}
          onPaymentReady={hear}
          onPaymentChange={hear}
          onPaymentSubmit={hear}
          onPaymentRecorded={hear}
          onPaymentRejected={hear}
          onPaymentHeld={hear}
          onPaymentUnknown={hear}
          onPaymentLoadError={hear}
          onPaymentCrash={hear}
        />
      )}
      <button id="toggle" onClick={() => show(!isShown)}>Mount or unmount</button>
    </>
  );
}

createRoot(document.querySelector('main')).render(<StrictMode>{isSnippet ? <Payment customer={655080} onPaid={paid} /> : <App />}</StrictMode>);
