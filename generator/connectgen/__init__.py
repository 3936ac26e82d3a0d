"""connectgen: reads the catalogue of the Salesforce Connect REST API and makes Python clients from it."""
