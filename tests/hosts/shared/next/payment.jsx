'use client';
import { useState } from 'react';
import { PaymentForm } from 'payment-form/react';
import { authorization, hear, invoices, paymentMethods } from './statement.js';

export function Payment({ lang }) {
  const [isShown, show] = useState(true);
  return (
    <>
      {isShown && (
        <PaymentForm
          lang={lang}
          customerId={655080}
          resolveEndpoint="/v1/payments/resolve"
          endpoint="/v1/payments"
          currency="USD"
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
