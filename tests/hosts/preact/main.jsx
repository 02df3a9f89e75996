import 'payment-form/define.js';
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { Payment } from './Snippet.jsx';
import { authorization, hear, invoices, isSnippet, paid, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';

function App() {
  const [isShown, show] = useState(true);
  return (
    <>
      {isShown && (
        <payment-form
          customer-id="655080"
          resolve-endpoint="/v1/payments/resolve"
          invoices={invoices}
          paymentMethods={paymentMethods}
          authorization={authorization}
          onpayment-ready={hear}
          onpayment-change={hear}
          onpayment-submit={hear}
          onpayment-recorded={hear}
          onpayment-rejected={hear}
          onpayment-held={hear}
          onpayment-unknown={hear}
          onpayment-load-error={hear}
          onpayment-crash={hear}
        />
      )}
      <button id="toggle" onClick={() => show(!isShown)}>Mount or unmount</button>
    </>
  );
}

render(isSnippet ? <Payment invoices={invoices} paymentMethods={paymentMethods} onPaid={paid} /> : <App />, document.querySelector('main'));
