"""connectgen: reads the catalogue of the Salesforce Connect REST API and generates Python clients from it."""
