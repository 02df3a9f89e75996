export default function Layout({ children }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body><main>{children}</main></body>
    </html>
  );
}
